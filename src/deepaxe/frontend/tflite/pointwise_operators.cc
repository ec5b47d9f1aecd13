// Functions of single elements: activations, QUANTIZE; and softmax.
#include <fmt/format.h>

#include <cmath>

#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {
namespace {

constexpr quant::QuantParams kProbability{.scale = 1.0F / 256, .zero_point = -128};

// LOGISTIC and SOFTMAX are defined for this output alone.
void expect_probabilities(const GraphBuilder& builder, const OperatorView& op,
                          const DraftNode& node) {
  if (builder.is_float || node.quant == kProbability) return;
  builder.file.refuse(
      op.place,
      fmt::format("output scale {}, zero point {}", node.quant.scale, node.quant.zero_point),
      "1/256, -128");
}

DraftNode make_pointwise_node(GraphBuilder& builder, const OperatorView& op, model::Op made) {
  expect_inputs(builder.file, op, 1, 1);
  const int input = builder.input_node(op, 0);
  DraftNode node = builder.make_node(builder.file.only_output(op), std::move(made), {input});
  expect_factor(builder, op, double{builder.node(input).quant.scale} / double{node.quant.scale});
  return node;
}

model::Activation leaky_relu(const GraphBuilder& builder, const OperatorView& op) {
  const float slope = require(builder, op, op.table->builtin_options_as_LeakyReluOptions()).alpha();
  if (!std::isfinite(slope) || std::abs(slope) > 1024) {
    builder.file.refuse(op.place, fmt::format("slope {}", slope), "-1024 to 1024");
  }
  return {.kind = model::ActivationKind::kRelu, .negative_slope = slope};
}

}  // namespace

// A rectifier that no other operator could take in: it rescales on its own.
void read_rectifier(GraphBuilder& builder, const OperatorView& op) {
  DraftNode node = make_pointwise_node(builder, op, model::Activate{});
  const fb::FusedActivation activation =
      op.code == fb::BuiltinOperator_RELU6          ? fb::FusedActivation_RELU6
      : op.code == fb::BuiltinOperator_RELU_N1_TO_1 ? fb::FusedActivation_RELU_N1_TO_1
                                                    : fb::FusedActivation_RELU;
  set_activation(builder, op, node, activation);
  node.op = model::Activate{.activation = node.activation};
  builder.add_node(std::move(node), builder.file.only_output(op));
}

void read_pointwise(GraphBuilder& builder, const OperatorView& op) {
  model::Activation activation;
  if (op.code == fb::BuiltinOperator_TANH) activation.kind = model::ActivationKind::kTanh;
  if (op.code == fb::BuiltinOperator_LOGISTIC) activation.kind = model::ActivationKind::kSigmoid;
  if (op.code == fb::BuiltinOperator_HARD_SWISH) {
    activation.kind = model::ActivationKind::kHardSwish;
  }
  if (op.code == fb::BuiltinOperator_LEAKY_RELU) activation = leaky_relu(builder, op);
  DraftNode node = make_pointwise_node(builder, op, model::Activate{.activation = activation});
  if (op.code == fb::BuiltinOperator_LOGISTIC) expect_probabilities(builder, op, node);
  builder.add_node(std::move(node), builder.file.only_output(op));
}

// Between layers: from one scale to another. At the borders it is no layer (reader.cc).
void read_quantize(GraphBuilder& builder, const OperatorView& op) {
  if (builder.is_float) {
    builder.file.refuse(op.place, "a network that is float in parts", "float or int8 throughout");
  }
  builder.add_node(make_pointwise_node(builder, op, model::Activate{}),
                   builder.file.only_output(op));
}

void read_softmax(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  const auto& options = require(builder, op, op.table->builtin_options_as_SoftmaxOptions());
  if (options.beta() != 1) {
    builder.file.refuse(op.place, fmt::format("beta {}", options.beta()), "1");
  }
  const int tensor = builder.file.only_output(op);
  DraftNode node = builder.make_node(tensor, model::Softmax{}, {builder.input_node(op, 0)});
  expect_probabilities(builder, op, node);
  builder.add_node(std::move(node), tensor);
}

}  // namespace deepaxe::frontend::tflite
