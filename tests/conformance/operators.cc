// Layers without weights, and the table of all.
#include "operators.h"

#include <algorithm>
#include <array>
#include <vector>

namespace deepaxe::conformance {
namespace {

void append_pool(Draft& draft, int input, model::PoolKind kind) {
  const model::Window window = random_window(draft.draw(), draft.shape(input), false);
  draft.add(model::Pool{.kind = kind, .window = window}, {input}, draft.node(input).quant,
            draft.random_fused());
}

void append_max_pool(Draft& draft, int input) { append_pool(draft, input, model::PoolKind::kMax); }

void append_average_pool(Draft& draft, int input) {
  append_pool(draft, input, model::PoolKind::kAverage);
}

// Half keep the scale of their input, as converters that share it do.
void append_mean(Draft& draft, int input) {
  const int channels = model::num_channels(draft.shape(input));
  const quant::QuantParams quant =
      draft.draw().one_in(2) ? draft.node(input).quant : draft.quant_with_factor(input, -12, 12);
  draft.add(model::GlobalPool{.kind = model::PoolKind::kAverage}, {input}, quant, Fused::kNone,
            draft.draw().one_in(2) ? model::Shape{channels} : model::Shape{1, 1, channels});
}

// Splits the elements at random into one to three axes.
void append_reshape(Draft& draft, int input) {
  int rest = static_cast<int>(model::num_elements(draft.shape(input)));
  model::Shape shape;
  for (int axis = draft.draw().between(0, 2); axis > 0; --axis) {
    int size = draft.draw().between(1, 6);
    while (rest % size != 0) --size;
    shape.push_back(size);
    rest /= size;
  }
  shape.push_back(rest);
  draft.add(model::Reshape{}, {input}, draft.node(input).quant, Fused::kNone, shape);
}

void append_pad(Draft& draft, int input) {
  Draw& draw = draft.draw();
  const model::Pad pad{.top = draw.between(0, 3),
                       .bottom = draw.between(0, 3),
                       .left = draw.between(0, 3),
                       .right = draw.between(0, 3)};
  draft.add(pad, {input}, draft.node(input).quant, Fused::kNone);
}

// A node of the same shape as `input`: an earlier one, the same one, or one made for it.
int partner_of(Draft& draft, int input) {
  std::vector<int> fitting;
  for (int node = 0; node <= draft.last(); ++node) {
    if (draft.shape(node) == draft.shape(input)) fitting.push_back(node);
  }
  const int choice = draft.draw().between(0, static_cast<int>(fitting.size()));
  if (choice < static_cast<int>(fitting.size())) return fitting[static_cast<std::size_t>(choice)];
  return draft.project(input, model::num_channels(draft.shape(input)), draft.random_quant());
}

// LiteRT's kernel stops the process unless 2 * the larger scale is below 2^20 * the output's.
void append_add(Draft& draft, int input) {
  const int partner = partner_of(draft, input);
  const bool first_is_larger = draft.node(input).quant.scale > draft.node(partner).quant.scale;
  const int larger = first_is_larger ? input : partner;
  const bool extreme = draft.draw().one_in(6);
  const quant::QuantParams quant =
      extreme ? draft.quant_with_factor(larger, -16, 16) : draft.quant_with_factor(larger, -2, 1);
  draft.add(model::Add{},
            draft.draw().one_in(2) ? std::vector{input, partner} : std::vector{partner, input},
            quant, draft.random_fused());
}

// All operands have the scale of the output, or LiteRT refuses the graph.
void append_concatenate(Draft& draft, int input) {
  Draw& draw = draft.draw();
  const auto rank = static_cast<int>(draft.shape(input).size());
  const int axis = draw.between(0, rank - 1);
  std::vector<int> inputs{input};
  for (int more = draw.between(1, 3); more > 0; --more) {
    const bool along_channels = axis == rank - 1;
    const int channels =
        along_channels ? draw.between(1, 6) : model::num_channels(draft.shape(input));
    inputs.push_back(draw.one_in(4) ? input
                                    : draft.project(input, channels, draft.node(input).quant));
  }
  std::rotate(inputs.begin(), inputs.begin() + draw.between(0, 1), inputs.end());
  draft.add(model::Concatenate{.axis = axis}, inputs, draft.node(input).quant, Fused::kNone);
}

void append_activation(Draft& draft, int input, Fused fused) {
  const bool extreme = draft.draw().one_in(6);
  const quant::QuantParams quant =
      extreme ? draft.quant_with_factor(input, -12, 12) : draft.quant_with_factor(input, -1, 1);
  draft.add(model::Activate{}, {input}, quant, fused);
}

void append_relu(Draft& draft, int input) { append_activation(draft, input, Fused::kRelu); }
void append_relu6(Draft& draft, int input) { append_activation(draft, input, Fused::kRelu6); }

// LiteRT's kernel stops the process where the exponentials sum to 512 or more.
void append_softmax(Draft& draft, int input) {
  constexpr int kMaxClasses = 500;
  if (model::num_channels(draft.shape(input)) > kMaxClasses) {
    input = draft.project(input, kMaxClasses, draft.random_quant());
  }
  draft.add(model::Softmax{}, {input}, {.scale = 1.0F / 256, .zero_point = -128}, Fused::kNone);
}

constexpr bool kImage = true;
constexpr bool kAnyRank = false;

constexpr std::array kTable{
    OperatorEntry{"conv2d", kImage, append_convolution},
    OperatorEntry{"grouped_conv2d", kImage, append_grouped_convolution},
    OperatorEntry{"depthwise_conv2d", kImage, append_depthwise},
    OperatorEntry{"dense", kAnyRank, append_dense},
    OperatorEntry{"max_pool", kImage, append_max_pool},
    OperatorEntry{"average_pool", kImage, append_average_pool},
    OperatorEntry{"global_average_pool", kImage, append_mean},
    OperatorEntry{"reshape", kAnyRank, append_reshape},
    OperatorEntry{"pad", kImage, append_pad},
    OperatorEntry{"add", kAnyRank, append_add},
    OperatorEntry{"concatenate", kAnyRank, append_concatenate},
    OperatorEntry{"relu", kAnyRank, append_relu},
    OperatorEntry{"relu6", kAnyRank, append_relu6},
    OperatorEntry{.name = "softmax", .append = append_softmax, .is_final = true},
};

}  // namespace

std::span<const OperatorEntry> operator_table() { return kTable; }

}  // namespace deepaxe::conformance
