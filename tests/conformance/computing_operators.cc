// Layers with weights.
#include <algorithm>

#include "operators.h"

namespace deepaxe::conformance {
namespace {

struct Axis {
  int kernel, stride, dilation;
};

// Of one axis; the dilated kernel must fit into `room` elements.
Axis random_axis(Draw& draw, int room, bool may_dilate) {
  Axis axis{
      .kernel = draw.between(1, std::min(room, 5)), .stride = draw.between(1, 3), .dilation = 1};
  if (may_dilate && axis.kernel > 1 && draw.one_in(3)) {
    axis.dilation = draw.between(1, std::min((room - 1) / (axis.kernel - 1), 3));
  }
  return axis;
}

int window_area(const model::Window& window) { return window.kernel_h * window.kernel_w; }

void append_convolution_in_groups(Draft& draft, int input, int groups, int outputs) {
  const model::Window window = random_window(draft.draw(), draft.shape(input), true);
  const int depth = window_area(window) * model::num_channels(draft.shape(input)) / groups;
  draft.add_computing(model::Conv2d{.window = window, .groups = groups}, input,
                      {.outputs = outputs, .depth = depth, .quant = draft.random_quant()});
}

}  // namespace

model::Window random_window(Draw& draw, const model::Shape& input, bool may_dilate) {
  const bool same = draw.one_in(2);
  constexpr int kBeyondImage = 2;  // `same` padding lets a kernel be larger than its image.
  const int margin = same ? kBeyondImage : 0;
  Axis h = random_axis(draw, input.at(0) + margin, may_dilate);
  Axis w = random_axis(draw, input.at(1) + margin, may_dilate);
  // As TensorFlow has it: either a stride or a dilation.
  if (h.dilation * w.dilation > 1 && !draw.one_in(4)) h.stride = w.stride = 1;
  model::Window window{.kernel_h = h.kernel,
                       .kernel_w = w.kernel,
                       .stride_h = h.stride,
                       .stride_w = w.stride,
                       .dilation_h = h.dilation,
                       .dilation_w = w.dilation};
  if (same) model::set_same_padding(window, input.at(0), input.at(1));
  return window;
}

void append_convolution(Draft& draft, int input) {
  append_convolution_in_groups(draft, input, 1, draft.draw().between(1, 20));
}

void append_grouped_convolution(Draft& draft, int input) {
  const int channels = model::num_channels(draft.shape(input));
  std::vector<int> divisors;
  for (int groups = 1; groups <= channels; ++groups) {
    if (channels % groups == 0) divisors.push_back(groups);
  }
  const int groups = divisors[static_cast<std::size_t>(
      draft.draw().between(0, static_cast<int>(divisors.size()) - 1))];
  append_convolution_in_groups(draft, input, groups, groups * draft.draw().between(1, 4));
}

void append_depthwise(Draft& draft, int input) {
  const model::Window window = random_window(draft.draw(), draft.shape(input), true);
  const int multiplier = draft.draw().between(1, 4);
  draft.add_computing(model::DepthwiseConv2d{.window = window, .depth_multiplier = multiplier},
                      input,
                      {.outputs = model::num_channels(draft.shape(input)) * multiplier,
                       .depth = window_area(window),
                       .quant = draft.random_quant()});
}

void append_dense(Draft& draft, int input) {
  draft.add_computing(model::Dense{}, input,
                      {.outputs = draft.draw().between(1, 24),
                       .depth = model::num_channels(draft.shape(input)),
                       .quant = draft.random_quant()});
}

}  // namespace deepaxe::conformance
