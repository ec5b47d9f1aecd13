// Float kernels: one function for each op, one image, NHWC; fixed order of every sum.
#pragma once

#include <span>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

/// Weights of a computing node laid out so that the outputs of one term lie side by side:
/// convolution [group][kernel_h][kernel_w][in / groups][out / groups], dense [in][out]; depthwise
/// weights lie so already. `input` is the shape the node reads.
std::vector<float> pack_weights(const model::FloatNode& node, const model::Shape& input);

/// What a kernel reads: the tensors of node.inputs and their shapes.
struct FloatInputs {
  std::vector<const float*> data;
  std::vector<const model::Shape*> shapes;
};

/// Computes `node` (any op but Input) into `output`, num_elements(node.shape) floats.
void run_float_node(const model::FloatNode& node, const FloatInputs& inputs,
                    std::span<const float> packed_weights, float* output);

}  // namespace deepaxe::engine
