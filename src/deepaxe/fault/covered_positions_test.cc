#include "deepaxe/fault/covered_positions.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace deepaxe::fault {
namespace {

bool covers(const kernel::ConvGeometry& g, int out_y, int out_x, int in_y, int in_x) {
  for (int ky = 0; ky < g.kernel_h; ++ky) {
    for (int kx = 0; kx < g.kernel_w; ++kx) {
      if (out_y * g.stride_h - g.pad_top + ky * g.dilation_h == in_y &&
          out_x * g.stride_w - g.pad_left + kx * g.dilation_w == in_x) {
        return true;
      }
    }
  }
  return false;
}

void expect_definition(const kernel::ConvGeometry& g) {
  const CoveredPositions covered(g);
  for (int y = 0; y < g.in_h; ++y) {
    for (int x = 0; x < g.in_w; ++x) {
      std::vector<std::uint32_t> expected, found;
      for (int out = 0; out < g.out_h * g.out_w; ++out) {
        if (covers(g, out / g.out_w, out % g.out_w, y, x)) {
          expected.push_back(static_cast<std::uint32_t>(out));
        }
      }
      const auto pixel = static_cast<std::size_t>(y * g.in_w + x);
      std::vector<std::uint64_t> set(covered.num_words());
      covered.add(pixel, set.data());
      CoveredPositions::list(set, found);
      ASSERT_EQ(found, expected) << y << " " << x;
      ASSERT_EQ(covered.num_windows(pixel), expected.size());
    }
  }
}

kernel::ConvGeometry square(int in, int out, int kernel, int stride, int pad, int dilation = 1) {
  kernel::ConvGeometry g;
  g.in_h = g.in_w = in;
  g.out_h = g.out_w = out;
  g.kernel_h = g.kernel_w = kernel;
  g.stride_h = g.stride_w = stride;
  g.pad_top = g.pad_left = pad;
  g.dilation_h = g.dilation_w = dilation;
  return g;
}

TEST(CoveredPositions, AreTheWindowsOverAPixel) {
  expect_definition(square(8, 8, 3, 1, 1));    // One word.
  expect_definition(square(13, 13, 3, 1, 1));  // Words end within rows.
  expect_definition(square(16, 8, 3, 2, 0));   // Windows over the edge.
  expect_definition(square(9, 5, 1, 2, 0));    // Pixels without a window.
  expect_definition(square(12, 8, 3, 1, 0, 2));
}

TEST(CoveredPositions, OfSeveralPixelsAreListedOnceAndAscending) {
  const CoveredPositions covered(square(20, 20, 3, 1, 1));
  std::vector<std::uint64_t> set(covered.num_words());
  for (const std::size_t pixel : {399U, 0U, 1U}) covered.add(pixel, set.data());
  std::vector<std::uint32_t> found;
  CoveredPositions::list(set, found);
  EXPECT_EQ(found, (std::vector<std::uint32_t>{0, 1, 2, 20, 21, 22, 378, 379, 398, 399}));
}

}  // namespace
}  // namespace deepaxe::fault
