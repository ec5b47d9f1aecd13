// Graph: a classifier as nodes in topological order; node i produces tensor i.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/model/op.h"
#include "deepaxe/model/shape.h"
#include "deepaxe/quant/params.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::model {

/// What float and int8 nodes share.
struct NodeBase {
  std::string name;  ///< Unique in its graph; the layer's name in the source file.
  Op op;
  std::vector<int> inputs;  ///< Indices of earlier nodes.
  Shape shape;              ///< Of the output, batch left out.
};

struct FloatNode : NodeBase {
  std::vector<float> weights;  ///< Layout at each op.
  std::vector<float> bias;     ///< [out], or empty.
};

struct Int8Node : NodeBase {
  quant::QuantParams quant;                ///< Of the output tensor.
  std::vector<std::int8_t> weights;        ///< Layout at each op; constants and slopes as well.
  quant::QuantParams constant_quant = {};  ///< Of `weights` where the op is Arithmetic or Prelu.
  std::vector<float> weight_scales;        ///< [out] (per channel) or [1] (per tensor).
  std::vector<std::int32_t> bias;  ///< [out] of computing layers, scale s_in * s_w; as stored.
  Activation activation;           ///< Fused; only kNone and kRelu bounds, no slope.
  std::int32_t clamp_low = -128;   ///< Of the fused activation, in codes.
  std::int32_t clamp_high = 127;
  quant::Rounding rounding = quant::Rounding::kDouble;  ///< Of computing layers.
};

/// nodes[0] is the only Input; `output` is the last node of the network (maybe Softmax).
template <typename Node>
struct Graph {
  std::string name;
  std::vector<Node> nodes;
  int output = 0;

  const Shape& input_shape() const { return nodes.front().shape; }
};

using FloatModel = Graph<FloatNode>;
using Int8Model = Graph<Int8Node>;

/// The node whose argmax is the class: `output`, or what stands before a final Softmax (through
/// Reshape).
template <typename Node>
int logits_node(const Graph<Node>& graph);

/// Indices of the computing nodes in graph order: position in this list = "layer index".
template <typename Node>
std::vector<int> computing_nodes(const Graph<Node>& graph);

/// Indices of the nodes that store a tensor: all but Input, Reshape (same memory) and what stands
/// behind the logits. The characters of the paper's assignment notation stand for these, in order.
template <typename Node>
std::vector<int> storing_nodes(const Graph<Node>& graph);

/// Multiply-accumulates of one node for one image; 0 unless computing.
template <typename Node>
std::int64_t num_macs(const Graph<Node>& graph, int node_index);

/// Output shape that the op of `node` gives for its input shapes. Reshape keeps node.shape;
/// GlobalPool keeps node.shape's rank. Throws std::invalid_argument, saying what does not fit.
template <typename Node>
Shape infer_shape(const Graph<Node>& graph, const Node& node);

/// Checks every index, shape and weight count. Throws InputError naming `file` and the layer.
void validate(const FloatModel& model, const std::string& file);
void validate(const Int8Model& model, const std::string& file);

/// Content key: SHA-256 over ops, shapes, quantization, weights. Names are left out.
std::string content_key(const Int8Model& model);

}  // namespace deepaxe::model
