#include "deepaxe/kernel/table/pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"

namespace deepaxe::kernel::table {
namespace {

reference::PoolLayer random_pool(Dice& dice) {
  reference::PoolLayer layer = {.in_h = dice.in(1, 12),
                                .in_w = dice.in(1, 12),
                                .channels = dice.in(1, 40),
                                .out_h = 0,
                                .out_w = 0,
                                .kernel_h = dice.in(1, 4),
                                .kernel_w = dice.in(1, 4),
                                .stride_h = dice.in(1, 3),
                                .stride_w = dice.in(1, 3),
                                .pad_top = 0,
                                .pad_left = 0,
                                .clamp_low = dice.in(-128, -50),
                                .clamp_high = dice.in(50, 127)};
  layer.pad_top = dice.in(0, layer.kernel_h - 1);
  layer.pad_left = dice.in(0, layer.kernel_w - 1);
  // As many windows as start inside the image: each holds an element of it.
  layer.out_h = (layer.in_h - 1 + layer.pad_top) / layer.stride_h + 1;
  layer.out_w = (layer.in_w - 1 + layer.pad_left) / layer.stride_w + 1;
  return layer;
}

TEST(TableMaxPool, EqualsTheReferenceOnEveryInstructionSet) {
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    Dice dice(trial);
    const reference::PoolLayer layer = random_pool(dice);
    const auto in_size = static_cast<std::size_t>(layer.in_h * layer.in_w * layer.channels);
    const auto out_size = static_cast<std::size_t>(layer.out_h * layer.out_w * layer.channels);
    const auto input = dice.codes(2 * in_size);
    std::vector<std::int8_t> expected(2 * out_size);
    for (std::size_t image = 0; image < 2; ++image) {
      reference::max_pool(layer, std::span(input).subspan(image * in_size, in_size),
                          std::span(expected).subspan(image * out_size, out_size));
    }
    for (const Isa isa : available_isas()) {
      std::vector<std::int8_t> output(2 * out_size);
      max_pool(layer, isa, input.data(), 2, output.data());
      ASSERT_EQ(output, expected) << isa_name(isa) << " trial " << trial;
    }
  }
}

}  // namespace
}  // namespace deepaxe::kernel::table
