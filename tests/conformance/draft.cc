#include "draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <variant>

namespace deepaxe::conformance {
namespace {

// No layer of a sound network is out of these bounds. LiteRT refuses scales so small that 6 is no
// int32 code, and factors so large that the stored scale of the biases, a float, is off by a
// fiftieth of an output code.
constexpr double kSmallestScaleLog2 = -24;
constexpr double kLargestScaleLog2 = 20;
constexpr double kLargestFactorLog2 = 17;

// How the sums of a computing layer relate to the codes of its output.
struct Regime {
  int largest_weight = 128;   // Magnitude.
  int largest_bias = 20'000;  // Magnitude.
  double factor_low = 0;      // log2 of the requantization factor.
  double factor_high = 0;
};

// Sums of random codes spread over sqrt(depth) * 73 * 73: the factor that brings that to 60 codes.
double typical_factor_log2(int depth) {
  return std::log2(60.0 / (73.0 * 73.0 * std::sqrt(static_cast<double>(depth))));
}

Regime random_regime(Draw& draw, int depth) {
  const double typical = typical_factor_log2(depth);
  switch (draw.between(0, 9)) {
    case 0:  // Nearly every code saturates.
      return {.factor_low = typical + 3, .factor_high = typical + 8};
    case 1:  // Factors about the smallest that are not 0, and below.
      return {.largest_bias = 1 << 30, .factor_low = -34, .factor_high = -16};
    case 2:  // Factors above 1: shifted to the left, no sum may exceed an int32 (see README.md).
      return {.largest_weight = 1,
              .largest_bias = 8,
              .factor_low = -3,
              .factor_high = std::min(kLargestFactorLog2, 30 - std::log2(255.0 * depth + 8))};
    default:
      return {.factor_low = typical - 1, .factor_high = typical + 1};
  }
}

std::int8_t random_weight(Draw& draw, const Regime& regime) {
  return static_cast<std::int8_t>(
      draw.between(-regime.largest_weight, std::min(regime.largest_weight, 127)));
}

}  // namespace

void fuse(model::Int8Node& node, Fused fused) {
  const auto code = [&](float real) { return quant::quantize(real, node.quant); };
  switch (fused) {
    case Fused::kNone:
      return;
    case Fused::kRelu:
      node.activation.kind = model::ActivationKind::kRelu;
      node.clamp_low = code(0);
      return;
    case Fused::kRelu6:
      node.activation = {.kind = model::ActivationKind::kRelu, .max_value = 6.0F, .has_max = true};
      node.clamp_low = code(0);
      node.clamp_high = code(6);
      return;
    case Fused::kReluN1To1:
      node.clamp_low = code(-1);
      node.clamp_high = code(1);
      return;
  }
}

Draft::Draft(Draw draw, model::Shape input_shape) : draw_(draw) {
  model_.name = "conformance";
  model::Int8Node input = start(model::Input{}, {}, random_quant());
  input.name = "input";
  input.shape = std::move(input_shape);
  model_.nodes.push_back(std::move(input));
}

quant::QuantParams Draft::random_quant() {
  const bool extreme = draw_.one_in(8);
  const auto scale =
      static_cast<float>(extreme ? draw_.power_of_two(-20, 6) : draw_.power_of_two(-9, -2));
  const int zero_point = draw_.one_in(5) ? draw_.pick({-128, 127, 0}) : draw_.between(-128, 127);
  return {.scale = scale, .zero_point = zero_point};
}

quant::QuantParams Draft::quant_with_factor(float scale, double low, double high) {
  quant::QuantParams quant = random_quant();
  quant.scale = scale / static_cast<float>(draw_.power_of_two(low, high));
  quant.scale = std::clamp(quant.scale, static_cast<float>(std::exp2(kSmallestScaleLog2)),
                           static_cast<float>(std::exp2(kLargestScaleLog2)));
  return quant;
}

Fused Draft::random_fused() {
  return draw_.pick(
      {Fused::kNone, Fused::kNone, Fused::kNone, Fused::kRelu, Fused::kRelu6, Fused::kReluN1To1});
}

model::Int8Node Draft::start(model::Op op, std::vector<int> inputs,
                             quant::QuantParams quant) const {
  model::Int8Node node;
  node.name = fmt::format("{}_{}", model::op_name(op), model_.nodes.size());
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.quant = quant;
  return node;
}

int Draft::finish(model::Int8Node node) {
  node.shape = model::infer_shape(model_, node);
  model_.nodes.push_back(std::move(node));
  model_.output = last();
  return last();
}

int Draft::add(model::Op op, std::vector<int> inputs, quant::QuantParams quant, Fused fused,
               model::Shape shape) {
  model::Int8Node node = start(std::move(op), std::move(inputs), quant);
  node.shape = std::move(shape);
  fuse(node, fused);
  return finish(std::move(node));
}

int Draft::add_with_constant(model::Op op, int input, std::size_t constant_size,
                             quant::QuantParams constant_quant, quant::QuantParams quant,
                             Fused fused) {
  model::Int8Node node = start(std::move(op), {input}, quant);
  node.constant_quant = constant_quant;
  node.weights.resize(constant_size);
  for (std::int8_t& code : node.weights) code = draw_.code();
  fuse(node, fused);
  return finish(std::move(node));
}

int Draft::add_computing(model::Op op, int input, const ComputingParams& params) {
  model::Int8Node node = start(std::move(op), {input}, params.quant);
  fill_computing(node, params);
  fuse(node, random_fused());
  return finish(std::move(node));
}

void Draft::fill_computing(model::Int8Node& node, const ComputingParams& params) {
  const Regime regime = random_regime(draw_, params.depth);
  const auto outputs = static_cast<std::size_t>(params.outputs);
  node.weights.resize(outputs * static_cast<std::size_t>(params.depth));
  for (std::int8_t& weight : node.weights) weight = random_weight(draw_, regime);
  node.bias.resize(outputs);
  for (std::int32_t& bias : node.bias) {
    bias = draw_.between(-regime.largest_bias, regime.largest_bias);
  }
  node.weight_scales.resize(draw_.one_in(3) ? 1 : outputs);
  const float ratio = node.quant.scale / this->node(node.inputs.front()).quant.scale;
  for (float& scale : node.weight_scales) {
    scale = ratio * static_cast<float>(draw_.power_of_two(regime.factor_low, regime.factor_high));
  }
  // As LiteRT's reference kernels round.
  node.rounding = std::holds_alternative<model::Dense>(node.op) ? quant::Rounding::kSingle
                                                                : quant::Rounding::kDouble;
}

int Draft::project(int input, int channels, quant::QuantParams quant) {
  const ComputingParams params{
      .outputs = channels, .depth = model::num_channels(shape(input)), .quant = quant};
  if (is_image(input)) return add_computing(model::Conv2d{}, input, params);
  return add_computing(model::Dense{}, input, params);
}

}  // namespace deepaxe::conformance
