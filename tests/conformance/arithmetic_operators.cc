// Sums, differences and products of two tensors or of one and a constant; PReLU.
#include <algorithm>
#include <vector>

#include "operators.h"

namespace deepaxe::conformance {
namespace {

using model::ArithmeticKind;
using model::ConstantOperand;

// Some axes of the shape become 1, and in a constant the first ones may be left out.
model::Shape broadcast_shape(Draw& draw, model::Shape shape, bool may_drop_axes) {
  for (int& size : shape) {
    if (draw.one_in(3)) size = 1;
  }
  if (may_drop_axes) {
    shape.erase(shape.begin(), shape.begin() + draw.between(0, static_cast<int>(shape.size())));
  }
  return shape;
}

// A node that fits beside `input`: a part of it that is broadcast, the same one, an earlier one, or
// one made for it.
int partner_of(Draft& draft, int input) {
  Draw& draw = draft.draw();
  if (draw.one_in(3)) {
    const model::Shape size = broadcast_shape(draw, draft.shape(input), false);
    const std::vector<int> zeros(size.size(), 0);
    const std::vector<int> ones(size.size(), 1);
    const int part = draft.add(model::Slice{.begin = zeros, .size = size, .stride = ones}, {input},
                               draft.node(input).quant, Fused::kNone);
    return draft.project(part, size.back(), draft.random_quant());
  }
  if (draw.one_in(8)) return input;
  std::vector<int> fitting;
  for (int node = 0; node <= draft.last(); ++node) {
    if (node != input && draft.shape(node) == draft.shape(input)) fitting.push_back(node);
  }
  if (!fitting.empty() && draw.one_in(2)) {
    return fitting[static_cast<std::size_t>(draw.between(0, static_cast<int>(fitting.size()) - 1))];
  }
  return draft.project(input, model::num_channels(draft.shape(input)), draft.random_quant());
}

// LiteRT stops the process unless 2 * the larger scale of a sum is below 2^20 * the output's. Of
// codes and their products the mean is 64 and 64 * 64.
quant::QuantParams output_quant(Draft& draft, ArithmeticKind kind, float scale_a, float scale_b) {
  const bool extreme = draft.draw().one_in(6);
  if (kind == ArithmeticKind::kMultiply) {
    return extreme ? draft.quant_with_factor(scale_a * scale_b, -33, 12)
                   : draft.quant_with_factor(scale_a * scale_b, -7, -4);
  }
  const float larger = std::max(scale_a, scale_b);
  return extreme ? draft.quant_with_factor(larger, -16, 16)
                 : draft.quant_with_factor(larger, -2, 1);
}

void append_of_tensors(Draft& draft, int input, ArithmeticKind kind) {
  const int partner = partner_of(draft, input);
  const quant::QuantParams quant =
      output_quant(draft, kind, draft.scale(input), draft.scale(partner));
  draft.add(model::Arithmetic{.kind = kind},
            draft.draw().one_in(2) ? std::vector{input, partner} : std::vector{partner, input},
            quant, draft.random_fused());
}

void append_of_constant(Draft& draft, int input, ArithmeticKind kind) {
  const model::Shape shape = broadcast_shape(draft.draw(), draft.shape(input), true);
  const quant::QuantParams constant = draft.random_quant();
  const quant::QuantParams quant = output_quant(draft, kind, draft.scale(input), constant.scale);
  const model::Arithmetic op{
      .kind = kind,
      .constant = draft.draw().pick({ConstantOperand::kFirst, ConstantOperand::kSecond}),
      .constant_shape = shape};
  draft.add_with_constant(op, input, model::num_elements(shape), constant, quant,
                          draft.random_fused());
}

}  // namespace

void append_add(Draft& draft, int input) { append_of_tensors(draft, input, ArithmeticKind::kAdd); }
void append_subtract(Draft& draft, int input) {
  append_of_tensors(draft, input, ArithmeticKind::kSubtract);
}
void append_multiply(Draft& draft, int input) {
  append_of_tensors(draft, input, ArithmeticKind::kMultiply);
}
void append_add_constant(Draft& draft, int input) {
  append_of_constant(draft, input, ArithmeticKind::kAdd);
}
void append_subtract_constant(Draft& draft, int input) {
  append_of_constant(draft, input, ArithmeticKind::kSubtract);
}
void append_multiply_constant(Draft& draft, int input) {
  append_of_constant(draft, input, ArithmeticKind::kMultiply);
}

void append_prelu(Draft& draft, int input) {
  const model::Shape& shape = draft.shape(input);
  const std::size_t num_slopes = draft.draw().one_in(2)
                                     ? model::num_elements(shape)
                                     : static_cast<std::size_t>(model::num_channels(shape));
  quant::QuantParams slopes = draft.random_quant();
  slopes.scale = static_cast<float>(draft.draw().power_of_two(-10, -5));
  draft.add_with_constant(model::Prelu{}, input, num_slopes, slopes,
                          draft.quant_with_factor(draft.scale(input), -2, 2), Fused::kNone);
}

}  // namespace deepaxe::conformance
