#include "deepaxe/model/integer_functions.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

namespace deepaxe::model {
namespace {

Int8Node node_of(Op op, float scale, std::int32_t zero_point) {
  Int8Node node;
  node.op = std::move(op);
  node.quant = {.scale = scale, .zero_point = zero_point};
  return node;
}

TEST(IntegerFunctions, TheConstantStandsOnItsSide) {
  Int8Model model;
  model.nodes.push_back(node_of(Input{}, 0.5F, 0));
  Int8Node node = node_of(Arithmetic{ArithmeticKind::kSubtract, ConstantOperand::kFirst, {}}, 1, 0);
  node.inputs = {0};
  node.weights = {10};
  node.constant_quant = {.scale = 1, .zero_point = 0};
  EXPECT_EQ(binary_arithmetic(model, node)(10, 4), 8);  // 10 * 1 - 4 * 0.5.
  std::get<Arithmetic>(node.op).constant = ConstantOperand::kSecond;
  EXPECT_EQ(binary_arithmetic(model, node)(4, 10), -8);
}

TEST(IntegerFunctions, AMaximumOfReluClamps) {
  Activation relu{.kind = ActivationKind::kRelu, .max_value = 6, .has_max = true};
  const Int8Node node = node_of(Activate{relu}, 0.1F, -128);
  const quant::CodeTable table = activation_table(node, node.quant);
  EXPECT_EQ(table[127], -68);  // 6 / 0.1 - 128.
}

TEST(IntegerFunctions, AThresholdHasNoIntegerForm) {
  Activation relu{.kind = ActivationKind::kRelu, .threshold = 1};
  const Int8Node node = node_of(Activate{relu}, 0.1F, 0);
  EXPECT_THROW(activation_table(node, node.quant), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::model
