// What the functions that read one operator each have in common.
#pragma once

#include <array>

#include "deepaxe/frontend/tflite/graph_builder.h"

namespace deepaxe::frontend::tflite {

/// Larger windows are not made by any converter, and bound every product of sizes.
inline constexpr int kMaxWindow = 1 << 12;

/// The options of the operator, which must be there.
template <typename Options>
const Options& require(const GraphBuilder& builder, const OperatorView& op,
                       const Options* options) {
  if (options == nullptr) builder.file.refuse(op.place, "no options", "the operator's options");
  return *options;
}

/// Shape of an input that must be height x width x channels.
const model::Shape& image_input(const GraphBuilder& builder, const OperatorView& op, int node);
/// sizes: kernel h, w, stride h, w, dilation h, w; each checked against kMaxWindow.
model::Window make_window(const GraphBuilder& builder, const OperatorView& op,
                          std::array<int, 6> sizes, fb::Padding padding, const model::Shape& input);
/// The fused activation, with its bounds in codes.
void set_activation(const GraphBuilder& builder, const OperatorView& op, model::Int8Node& node,
                    fb::FusedActivation activation);
/// Refuses requantization factors that the engine cannot have.
void expect_factor(const GraphBuilder& builder, const OperatorView& op, double factor);

void read_conv2d(GraphBuilder& builder, const OperatorView& op);
void read_depthwise(GraphBuilder& builder, const OperatorView& op);
void read_dense(GraphBuilder& builder, const OperatorView& op);

}  // namespace deepaxe::frontend::tflite
