#include "deepaxe/model/integer_functions.h"

#include <algorithm>
#include <stdexcept>

namespace deepaxe::model {
namespace {

const quant::QuantParams& input_quant(const Int8Model& model, const Int8Node& node,
                                      std::size_t input) {
  return model.nodes.at(static_cast<std::size_t>(node.inputs.at(input))).quant;
}

quant::CodeTable rectifier_table(const Int8Node& node, const quant::QuantParams& in) {
  const Activation& activation = std::get<Activate>(node.op).activation;
  if (activation.threshold != 0) {
    throw std::invalid_argument("a ReLU with a threshold, which has no integer form");
  }
  quant::Rescale rescale =
      activation.kind == ActivationKind::kNone
          ? quant::make_rescale(in, node.quant)
          : quant::make_leaky_rescale(in, node.quant, activation.negative_slope);
  rescale.clamp_low = node.clamp_low;
  rescale.clamp_high = node.clamp_high;
  if (activation.kind == ActivationKind::kRelu && activation.has_max) {
    const std::int32_t highest = quant::quantize(activation.max_value, node.quant);
    rescale.clamp_high = std::min(rescale.clamp_high, highest);
  }
  return quant::rescale_table(rescale);
}

quant::BinaryKind binary_kind(const Op& op) {
  if (std::holds_alternative<Prelu>(op)) return quant::BinaryKind::kPrelu;
  switch (std::get<Arithmetic>(op).kind) {
    case ArithmeticKind::kAdd:
      return quant::BinaryKind::kAdd;
    case ArithmeticKind::kSubtract:
      return quant::BinaryKind::kSubtract;
    case ArithmeticKind::kMultiply:
      return quant::BinaryKind::kMultiply;
  }
  return quant::BinaryKind::kAdd;
}

}  // namespace

// In double. TFLite multiplies the two scales of a per-tensor dense layer in float first, and only
// those.
quant::RequantScale output_scale(const Int8Model& model, const Int8Node& node, std::size_t output) {
  const bool per_tensor = node.weight_scales.size() == 1;
  const float weight_scale = node.weight_scales.at(per_tensor ? 0 : output);
  const float in_scale = input_quant(model, node, 0).scale;
  const bool float_product = per_tensor && std::holds_alternative<Dense>(node.op);
  const double product =
      float_product ? double{in_scale * weight_scale} : double{in_scale} * double{weight_scale};
  return quant::make_requant_scale(product / double{node.quant.scale});
}

quant::CodeTable activation_table(const Int8Node& node, const quant::QuantParams& in) {
  switch (std::get<Activate>(node.op).activation.kind) {
    case ActivationKind::kNone:
    case ActivationKind::kRelu:
      return rectifier_table(node, in);
    case ActivationKind::kTanh:
      return quant::tanh_table(in, node.quant);
    case ActivationKind::kSigmoid:
      return quant::logistic_table(in, node.quant);
    case ActivationKind::kHardSwish:
      return quant::hard_swish_table(in, node.quant);
  }
  throw std::invalid_argument("an unknown activation");
}

quant::BinaryArithmetic binary_arithmetic(const Int8Model& model, const Int8Node& node) {
  const auto* arithmetic = std::get_if<Arithmetic>(&node.op);
  const ConstantOperand constant =
      arithmetic != nullptr ? arithmetic->constant : ConstantOperand::kSecond;
  const quant::QuantParams& first = input_quant(model, node, 0);
  const quant::QuantParams& second =
      constant == ConstantOperand::kNone ? input_quant(model, node, 1) : node.constant_quant;
  const bool swapped = constant == ConstantOperand::kFirst;
  quant::BinaryArithmetic result = quant::make_binary_arithmetic(
      binary_kind(node.op), swapped ? second : first, swapped ? first : second, node.quant);
  result.clamp_low = node.clamp_low;
  result.clamp_high = node.clamp_high;
  return result;
}

}  // namespace deepaxe::model
