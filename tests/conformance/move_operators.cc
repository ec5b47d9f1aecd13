// Layers that move elements: shapes, padding, slices, transposition, concatenation.
#include <algorithm>
#include <numeric>
#include <vector>

#include "operators.h"

namespace deepaxe::conformance {
namespace {

// A layer that keeps the codes, and so the scale, of its input.
void append_move(Draft& draft, int input, model::Op op, model::Shape shape = {}) {
  draft.add(std::move(op), {input}, draft.node(input).quant, Fused::kNone, std::move(shape));
}

model::Pad random_pad(Draft& draft, int input) {
  model::Pad pad;
  for (std::size_t axis = 0; axis < draft.shape(input).size(); ++axis) {
    pad.before.push_back(draft.draw().between(0, 3));
    pad.after.push_back(draft.draw().between(0, 3));
  }
  return pad;
}

}  // namespace

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
  append_move(draft, input, model::Reshape{}, shape);
}

// Drops the first axis of size 1, or adds one.
void append_squeeze_or_expand(Draft& draft, int input) {
  constexpr std::size_t kMaxRank = 3;
  model::Shape shape = draft.shape(input);
  const auto one = std::find(shape.begin(), shape.end(), 1);
  if (shape.size() > 1 && one != shape.end()) {
    shape.erase(one);
  } else if (shape.size() < kMaxRank) {
    shape.insert(shape.begin() + draft.draw().between(0, static_cast<int>(shape.size())), 1);
  }
  append_move(draft, input, model::Reshape{}, shape);
}

void append_pad(Draft& draft, int input) { append_move(draft, input, random_pad(draft, input)); }

void append_pad_with_value(Draft& draft, int input) {
  model::Pad pad = random_pad(draft, input);
  pad.value = quant::dequantize(draft.draw().code(), draft.node(input).quant);
  append_move(draft, input, std::move(pad));
}

void append_slice(Draft& draft, int input) {
  Draw& draw = draft.draw();
  model::Slice slice;
  for (const int size : draft.shape(input)) {
    const int begin = draw.one_in(2) ? 0 : draw.between(0, size - 1);
    const int stride = draw.one_in(2) ? 1 : draw.between(1, 3);
    const int most = (size - begin - 1) / stride + 1;
    slice.begin.push_back(begin);
    slice.size.push_back(draw.one_in(2) ? most : draw.between(1, most));
    slice.stride.push_back(stride);
  }
  append_move(draft, input, std::move(slice));
}

void append_permute(Draft& draft, int input) {
  std::vector<int> axes(draft.shape(input).size());
  std::iota(axes.begin(), axes.end(), 0);
  for (std::size_t i = axes.size(); i > 1; --i) {
    std::swap(axes[i - 1],
              axes[static_cast<std::size_t>(draft.draw().between(0, static_cast<int>(i) - 1))]);
  }
  append_move(draft, input, model::Permute{.axes = axes});
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

}  // namespace deepaxe::conformance
