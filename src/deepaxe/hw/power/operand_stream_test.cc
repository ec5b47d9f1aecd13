#include "deepaxe/hw/power/operand_stream.h"

#include <gtest/gtest.h>

#include "deepaxe/hw/power/test_network.h"

namespace deepaxe::hw::power {
namespace {

constexpr int kConv = 1, kDense = 4;

TEST(OperandStream, HasEveryProductOfTheLayerOnce) {
  const model::Int8Model model = small_network();
  for (const int node : {kConv, kDense}) {
    for (const int lanes : {1, 2, 3}) {
      const OperandStream stream(model, node, lanes);
      std::int64_t products = 0;
      for (std::int64_t w = 0; w < stream.num_windows(); ++w) {
        products += std::int64_t{stream.lanes_in(w)} * stream.walk().depth();
      }
      EXPECT_EQ(products, model::num_macs(model, node)) << lanes;
    }
  }
}

TEST(OperandStream, LanesShareTheirActivations) {
  const model::Int8Model model = small_network();
  const SmallInputs inputs(1);
  const OperandStream stream(model, kConv, 3);
  const auto first = stream.window(inputs.conv, 7, 0), second = stream.window(inputs.conv, 7, 1);
  for (std::size_t k = 0; k < first.size(); ++k) {
    EXPECT_EQ(first[k].activation, second[k].activation);
  }
}

TEST(OperandStream, ElementsOutsideTheImageAreTheCodeOfZero) {
  const model::Int8Model model = small_network();
  const SmallInputs inputs(1);
  const OperandStream stream(model, kConv, 1);
  const auto corner = stream.window(inputs.conv, 0, 0);
  EXPECT_EQ(corner.front().activation, 3);          // Above and left of the image.
  EXPECT_EQ(corner[8].activation, inputs.conv[0]);  // Kernel row 1, column 1, channel 0.
}

TEST(OperandStream, ADenseLayerReadsItsInputInOrder) {
  const model::Int8Model model = small_network();
  const SmallInputs inputs(1);
  const OperandStream stream(model, kDense, 2);
  const auto window = stream.window(inputs.dense, 1, 1);  // Output 3.
  for (std::size_t k = 0; k < window.size(); ++k) {
    EXPECT_EQ(window[k], (OperandPair{inputs.dense[k], model.nodes[kDense].weights[3 * 27 + k]}));
  }
}

}  // namespace
}  // namespace deepaxe::hw::power
