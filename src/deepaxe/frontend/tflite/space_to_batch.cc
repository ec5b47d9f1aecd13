// SPACE_TO_BATCH_ND, convolution, BATCH_TO_SPACE_ND: how older converters write a dilated
// convolution. The three become one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {
namespace {

std::vector<std::int64_t> small_sizes(const GraphBuilder& builder, const OperatorView& op,
                                      std::size_t position, std::size_t count, int least) {
  std::vector<std::int64_t> sizes = integer_values(builder, op, position);
  const auto fits = [&](std::int64_t size) { return size >= least && size <= kMaxWindow; };
  if (sizes.size() != count || !std::all_of(sizes.begin(), sizes.end(), fits)) {
    builder.file.refuse(op.place, fmt::format("input {} of other sizes", position),
                        fmt::format("{} sizes, {} to {}", count, least, kMaxWindow));
  }
  return sizes;
}

model::Window* window_of(model::Op& op) {
  if (auto* conv = std::get_if<model::Conv2d>(&op)) return &conv->window;
  if (auto* depthwise = std::get_if<model::DepthwiseConv2d>(&op)) return &depthwise->window;
  return nullptr;
}

// TFLite has no convolution with other paddings than `same` and `valid`: such a one is written, and
// hence read, as a Pad before a valid one.
int padded_input(GraphBuilder& builder, const DraftNode& node, model::Window& window) {
  const int source = node.inputs.at(0);
  const model::Shape& in = builder.node(source).shape;
  model::Window same = window;
  model::set_same_padding(same, in[0], in[1]);
  const bool is_valid =
      window.pad_top + window.pad_bottom + window.pad_left + window.pad_right == 0;
  if (is_valid || window == same) return source;
  const model::Pad pad =
      model::make_image_pad(window.pad_top, window.pad_bottom, window.pad_left, window.pad_right);
  const model::Shape shape{in[0] + window.pad_top + window.pad_bottom,
                           in[1] + window.pad_left + window.pad_right, in[2]};
  window.pad_top = window.pad_bottom = window.pad_left = window.pad_right = 0;
  return builder.add_helper(node.name + "/pad", pad, source, shape);
}

}  // namespace

void read_space_to_batch(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 3, 3);
  const int input = builder.input_node(op, 0);
  image_input(builder, op, input);
  const auto block = small_sizes(builder, op, 1, 2, 1);
  const auto pads = small_sizes(builder, op, 2, 4, 0);
  const int tensor = builder.file.only_output(op);
  if (!builder.is_float && builder.file.quant_params(tensor) != builder.node(input).quant) {
    builder.file.refuse(op.place, "a change of scale or zero point", "those of the input");
  }
  builder.spreads[tensor] = {.node = input,
                             .block_h = static_cast<int>(block[0]),
                             .block_w = static_cast<int>(block[1]),
                             .padding = {.pad_top = static_cast<int>(pads[0]),
                                         .pad_bottom = static_cast<int>(pads[1]),
                                         .pad_left = static_cast<int>(pads[2]),
                                         .pad_right = static_cast<int>(pads[3])}};
}

void read_batch_to_space(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 3, 3);
  const auto found = builder.spread_convolutions.find(op.input(0));
  if (found == builder.spread_convolutions.end()) {
    builder.file.refuse(op.place, "an input that is no convolution behind SPACE_TO_BATCH_ND",
                        "the three in a row, a dilated convolution");
  }
  const auto block = small_sizes(builder, op, 1, 2, 1);
  const auto crops = small_sizes(builder, op, 2, 4, 0);
  DraftNode node = std::move(found->second);
  builder.spread_convolutions.erase(found);
  model::Window& window = *window_of(node.op);
  window.pad_top -= static_cast<int>(crops[0]);
  window.pad_bottom -= static_cast<int>(crops[1]);
  window.pad_left -= static_cast<int>(crops[2]);
  window.pad_right -= static_cast<int>(crops[3]);
  const int least =
      std::min({window.pad_top, window.pad_bottom, window.pad_left, window.pad_right});
  if (block[0] != window.dilation_h || block[1] != window.dilation_w || least < 0) {
    builder.file.refuse(op.place, "another block, or a crop beyond the padding",
                        "the inverse of SPACE_TO_BATCH_ND");
  }
  node.inputs = {padded_input(builder, node, window)};
  const int tensor = builder.file.only_output(op);
  node.shape = builder.file.image_shape(tensor);
  if (!builder.is_float && builder.file.quant_params(tensor) != node.quant) {
    builder.file.refuse(op.place, "a change of scale or zero point", "those of the input");
  }
  builder.add_node(std::move(node), tensor);
}

}  // namespace deepaxe::frontend::tflite
