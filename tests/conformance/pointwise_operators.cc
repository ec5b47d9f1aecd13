// Functions of single elements, and softmax.
#include <cmath>

#include "operators.h"

namespace deepaxe::conformance {
namespace {

constexpr quant::QuantParams kProbability{.scale = 1.0F / 256, .zero_point = -128};

quant::QuantParams random_output(Draft& draft, int input) {
  const bool extreme = draft.draw().one_in(6);
  return extreme ? draft.quant_with_factor(draft.scale(input), -12, 12)
                 : draft.quant_with_factor(draft.scale(input), -1, 1);
}

void append_rectifier(Draft& draft, int input, Fused fused) {
  const quant::QuantParams quant = random_output(draft, input);
  model::Int8Node bounds;
  bounds.quant = quant;
  fuse(bounds, fused);
  draft.add(model::Activate{.activation = bounds.activation}, {input}, quant, fused);
}

void append_function(Draft& draft, int input, model::ActivationKind kind,
                     quant::QuantParams quant) {
  draft.add(model::Activate{.activation = {.kind = kind}}, {input}, quant, Fused::kNone);
}

}  // namespace

void append_relu(Draft& draft, int input) { append_rectifier(draft, input, Fused::kRelu); }
void append_relu6(Draft& draft, int input) { append_rectifier(draft, input, Fused::kRelu6); }
void append_relu_n1_to_1(Draft& draft, int input) {
  append_rectifier(draft, input, Fused::kReluN1To1);
}

void append_leaky_relu(Draft& draft, int input) {
  const auto slope = static_cast<float>(draft.draw().power_of_two(-8, 1));
  const bool negative = draft.draw().one_in(5);
  draft.add(model::Activate{.activation = {.kind = model::ActivationKind::kRelu,
                                           .negative_slope = negative ? -slope : slope}},
            {input}, random_output(draft, input), Fused::kNone);
}

// The scale of converters, or any other.
void append_tanh(Draft& draft, int input) {
  constexpr quant::QuantParams kConverted{.scale = 1.0F / 128, .zero_point = 0};
  append_function(draft, input, model::ActivationKind::kTanh,
                  draft.draw().one_in(2) ? kConverted : draft.random_quant());
}

void append_sigmoid(Draft& draft, int input) {
  append_function(draft, input, model::ActivationKind::kSigmoid, kProbability);
}

// LiteRT's kernel stops the process unless the input's scale is below 128 times the output's.
void append_hard_swish(Draft& draft, int input) {
  const double low = draft.draw().one_in(4) ? -24 : -4;
  append_function(draft, input, model::ActivationKind::kHardSwish,
                  draft.quant_with_factor(draft.scale(input), low, 6.5));
}

void append_quantize(Draft& draft, int input) {
  draft.add(model::Activate{}, {input}, random_output(draft, input), Fused::kNone);
}

// LiteRT's kernel stops the process where the exponentials sum to 512 or more. A QUANTIZE stands
// behind, for what only turns logits into probabilities at the end is not run.
void append_softmax(Draft& draft, int input) {
  constexpr int kMaxClasses = 500;
  if (model::num_channels(draft.shape(input)) > kMaxClasses) {
    input = draft.project(input, kMaxClasses, draft.random_quant());
  }
  const int probabilities = draft.add(model::Softmax{}, {input}, kProbability, Fused::kNone);
  append_quantize(draft, probabilities);
}

}  // namespace deepaxe::conformance
