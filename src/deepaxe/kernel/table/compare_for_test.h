// For tests: a layer on every instruction set and every path against the reference.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/reference/convolution.h"
#include "deepaxe/kernel/table/table_layer.h"

namespace deepaxe::kernel::table {

inline constexpr std::optional<Path> kPaths[] = {
    std::nullopt,   Path::kCachedPanel, Path::kScratchPanel, Path::kDirect,
    Path::kColumns, Path::kFactors,     Path::kErrors};

/// Those of every available instruction set, and the portable ones.
inline std::vector<const HotLoops*> all_loops() {
  std::vector<const HotLoops*> all = {&portable_loops()};
  for (const Isa isa : available_isas()) all.push_back(&hot_loops(isa));
  return all;
}

struct Results {
  std::vector<std::int32_t> accumulators;
  std::vector<std::int8_t> codes;
  bool operator==(const Results&) const = default;
};

inline Results run_reference(const ComputingLayer& layer, MultiplierSpan multipliers,
                             const std::vector<std::int8_t>& input, std::size_t batch) {
  const ConvGeometry& g = layer.geometry;
  Results results{.accumulators = std::vector<std::int32_t>(batch * g.out_size()),
                  .codes = std::vector<std::int8_t>(batch * g.out_size())};
  for (std::size_t image = 0; image < batch; ++image) {
    const auto in = std::span(input).subspan(image * g.in_size(), g.in_size());
    reference::accumulate(
        layer, multipliers, in,
        std::span(results.accumulators).subspan(image * g.out_size(), g.out_size()));
    reference::convolve(layer, multipliers, in,
                        std::span(results.codes).subspan(image * g.out_size(), g.out_size()));
  }
  return results;
}

inline Results run_table(const TableLayer& table, std::size_t out_size, MultiplierSpan multipliers,
                         const std::vector<std::int8_t>& input, std::size_t batch) {
  Results results{.accumulators = std::vector<std::int32_t>(batch * out_size),
                  .codes = std::vector<std::int8_t>(batch * out_size)};
  const int num_images = static_cast<int>(batch);
  table.accumulate(multipliers, input.data(), num_images, results.accumulators.data());
  table.convolve(multipliers, input.data(), num_images, results.codes.data());
  return results;
}

inline std::string describe(const ComputingLayer& layer) {
  const ConvGeometry& g = layer.geometry;
  std::string text;
  for (const int value :
       {g.in_h, g.in_w, g.in_c, g.out_h, g.out_w, g.out_c, g.kernel_h, g.kernel_w, g.stride_h,
        g.stride_w, g.dilation_h, g.dilation_w, g.pad_top, g.pad_left, g.groups}) {
    text += std::to_string(value) + " ";
  }
  return text;
}

/// Ends the test at the first difference, which says where it is.
inline void expect_equal_everywhere(const ComputingLayer& layer, MultiplierSpan multipliers,
                                    const std::vector<std::int8_t>& input, std::size_t batch,
                                    PanelCache& cache, const BlockSizes& sizes = {}) {
  const Results expected = run_reference(layer, multipliers, input, batch);
  for (const HotLoops* loops : all_loops()) {
    for (const std::optional<Path>& path : kPaths) {
      const TableLayer table(layer, cache, {.loops = *loops, .path = path, .sizes = sizes});
      const Results results =
          run_table(table, layer.geometry.out_size(), multipliers, input, batch);
      ASSERT_EQ(results.accumulators, expected.accumulators)
          << loops->compiled_for << " path " << (path ? static_cast<int>(*path) : -1) << " layer "
          << describe(layer) << "seed " << test_seed();
      ASSERT_EQ(results.codes, expected.codes)
          << loops->compiled_for << " layer " << describe(layer);
    }
  }
}

}  // namespace deepaxe::kernel::table
