// ADD, SUB, MUL and PRELU: of two tensors, or of one and a constant.
#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {
namespace {

model::ArithmeticKind arithmetic_kind(const OperatorView& op) {
  if (op.code == fb::BuiltinOperator_SUB) return model::ArithmeticKind::kSubtract;
  if (op.code == fb::BuiltinOperator_MUL) return model::ArithmeticKind::kMultiply;
  return model::ArithmeticKind::kAdd;
}

fb::FusedActivation fused_activation(const GraphBuilder& builder, const OperatorView& op) {
  switch (op.code) {
    case fb::BuiltinOperator_SUB:
      return require(builder, op, op.table->builtin_options_as_SubOptions()).fused_activation();
    case fb::BuiltinOperator_MUL:
      return require(builder, op, op.table->builtin_options_as_MulOptions()).fused_activation();
    default:
      return require(builder, op, op.table->builtin_options_as_AddOptions()).fused_activation();
  }
}

// Without the batch, where the constant has an axis for it; `rank` counts it.
model::Shape constant_shape(const GraphBuilder& builder, const OperatorView& op,
                            std::size_t position, std::size_t rank) {
  const int tensor = op.input(position);
  std::vector<int> dims = builder.file.dims(tensor);
  if (dims.size() < rank) return dims;
  if (dims.size() > rank || dims.empty() || dims.front() != 1) {
    builder.file.refuse(op.place, fmt::format("a constant of shape [{}]", model::to_string(dims)),
                        fmt::format("at most {} axes, the batch 1", rank));
  }
  dims.erase(dims.begin());
  return dims;
}

void set_constant(GraphBuilder& builder, const OperatorView& op, std::size_t position,
                  DraftNode& node) {
  if (builder.is_float) {
    node.float_weights = float_values(builder, op, position);
    return;
  }
  node.weights = code_values(builder, op, position);
  node.constant_quant = builder.file.quant_params(op.input(position));
}

std::size_t rank_of_output(const GraphBuilder& builder, const OperatorView& op) {
  return builder.file.dims(builder.file.only_output(op)).size();
}

}  // namespace

void read_arithmetic(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  model::Arithmetic arithmetic{.kind = arithmetic_kind(op)};
  std::vector<int> inputs;
  std::size_t constant = 0;
  for (const std::size_t position : {std::size_t{0}, std::size_t{1}}) {
    builder.file.tensor(op.input(position), op.place);
    const std::size_t other = 1 - position;
    if (!builder.is_computed(op.input(position)) && builder.is_computed(op.input(other))) {
      constant = position;
      arithmetic.constant =
          position == 0 ? model::ConstantOperand::kFirst : model::ConstantOperand::kSecond;
      arithmetic.constant_shape =
          constant_shape(builder, op, position, rank_of_output(builder, op));
    } else {
      inputs.push_back(builder.input_node(op, position));
    }
  }
  const bool has_constant = arithmetic.constant != model::ConstantOperand::kNone;
  const int tensor = builder.file.only_output(op);
  DraftNode node = builder.make_node(tensor, arithmetic, std::move(inputs));
  if (has_constant) set_constant(builder, op, constant, node);
  set_activation(builder, op, node, fused_activation(builder, op));
  builder.add_node(std::move(node), tensor);
}

// One slope for each channel, or for each element.
void read_prelu(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  const int input = builder.input_node(op, 0);
  const model::Shape& shape = builder.node(input).shape;
  builder.file.tensor(op.input(1), op.place);
  const model::Shape slopes = constant_shape(builder, op, 1, rank_of_output(builder, op));
  const bool is_per_channel =
      !slopes.empty() && slopes.back() == shape.back() &&
      model::num_elements(slopes) == static_cast<std::size_t>(slopes.back());
  if (!is_per_channel && slopes != shape) {
    builder.file.refuse(op.place, fmt::format("slopes of shape [{}]", model::to_string(slopes)),
                        fmt::format("one for each channel, or [{}]", model::to_string(shape)));
  }
  const int tensor = builder.file.only_output(op);
  DraftNode node = builder.make_node(tensor, model::Prelu{}, {input});
  set_constant(builder, op, 1, node);
  builder.add_node(std::move(node), tensor);
}

}  // namespace deepaxe::frontend::tflite
