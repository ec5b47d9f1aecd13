// What the functions that read one operator each have in common.
#pragma once

#include <array>
#include <vector>

#include "deepaxe/frontend/tflite/graph_builder.h"

namespace deepaxe::frontend::tflite {

/// Larger windows are not made by any converter, and bound every product of sizes.
inline constexpr int kMaxWindow = 1 << 12;
/// No axis is longer; larger strides mean nothing.
inline constexpr int kMaxElementsOfAxis = 1 << 28;

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
/// The fused activation; of int8 networks with its bounds in codes.
void set_activation(const GraphBuilder& builder, const OperatorView& op, DraftNode& node,
                    fb::FusedActivation activation);
/// Refuses requantization factors that the engine cannot have.
void expect_factor(const GraphBuilder& builder, const OperatorView& op, double factor);
/// Refuses int8 inputs whose codes do not mean what the node's own mean.
void expect_equal_quantization(const GraphBuilder& builder, const OperatorView& op,
                               const DraftNode& node);
/// make_node and add_node for the one output of an operator that keeps the meaning of codes.
void add_code_keeping_node(GraphBuilder& builder, const OperatorView& op, model::Op made,
                           std::vector<int> inputs);

// One function for each operator, or for operators that differ in one word.
void read_conv2d(GraphBuilder& builder, const OperatorView& op);
void read_depthwise(GraphBuilder& builder, const OperatorView& op);
void read_dense(GraphBuilder& builder, const OperatorView& op);
void read_space_to_batch(GraphBuilder& builder, const OperatorView& op);
void read_batch_to_space(GraphBuilder& builder, const OperatorView& op);
void read_pool(GraphBuilder& builder, const OperatorView& op);
void read_reduction(GraphBuilder& builder, const OperatorView& op);
void read_arithmetic(GraphBuilder& builder, const OperatorView& op);
void read_prelu(GraphBuilder& builder, const OperatorView& op);
void read_rectifier(GraphBuilder& builder, const OperatorView& op);
void read_pointwise(GraphBuilder& builder, const OperatorView& op);
void read_quantize(GraphBuilder& builder, const OperatorView& op);
void read_softmax(GraphBuilder& builder, const OperatorView& op);
void read_concatenation(GraphBuilder& builder, const OperatorView& op);
void read_pad(GraphBuilder& builder, const OperatorView& op);
void read_slice(GraphBuilder& builder, const OperatorView& op);
void read_strided_slice(GraphBuilder& builder, const OperatorView& op);
void read_transpose(GraphBuilder& builder, const OperatorView& op);
void read_reshape(GraphBuilder& builder, const OperatorView& op);

}  // namespace deepaxe::frontend::tflite
