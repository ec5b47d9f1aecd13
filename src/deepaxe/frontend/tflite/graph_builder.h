// GraphBuilder: the model under construction while the operators of a file are read in order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "deepaxe/frontend/tflite/file_view.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::tflite {

/// A node of either kind under construction: int8 networks fill what Int8Node has, float networks
/// the two vectors here.
struct DraftNode : model::Int8Node {
  std::vector<float> float_weights = {};
  std::vector<float> float_bias = {};
};

/// The way of a dilated convolution through TFLite: SPACE_TO_BATCH_ND, convolution,
/// BATCH_TO_SPACE_ND.
struct Spread {
  int node = 0;  ///< What SPACE_TO_BATCH_ND reads.
  int block_h = 1, block_w = 1;
  model::Window padding = {};  ///< Only its paddings are used.
};

struct GraphBuilder {
  const FileView& file;
  bool is_float = false;    ///< Activations are FLOAT32, not INT8.
  bool keep_names = false;  ///< Written by us: tensor names are layer names.
  /// Rounding of computing layer l: 's' or 'd'; empty where the defaults hold.
  std::string roundings = {};
  std::vector<DraftNode> nodes = {};
  std::map<int, int> node_of_tensor = {};
  /// Value of each integer tensor worked out from constants and static shapes.
  std::map<int, std::vector<std::int64_t>> integers = {};
  /// Constants that DEQUANTIZE makes out of float16 or integer ones.
  std::map<int, std::vector<float>> floats = {};
  std::map<int, Spread> spreads = {};                 ///< By output of SPACE_TO_BATCH_ND.
  std::map<int, DraftNode> spread_convolutions = {};  ///< By output of the convolution behind it.
  std::set<std::string> names = {};
  std::size_t constant_bytes = 0;  ///< Of all copies so far, see take_room.

  /// Counts a constant of `num_bytes` that is about to be copied. Layers may share a buffer, but a
  /// damaged file must not have a large one copied by the thousand: then it throws InputError.
  void take_room(const OperatorView& op, std::size_t num_bytes);

  /// Index of the node that gives an input of the operator. Throws InputError if there is none.
  int input_node(const OperatorView& op, std::size_t position) const;
  bool is_computed(int tensor) const { return node_of_tensor.contains(tensor); }
  const DraftNode& node(int index) const { return nodes[static_cast<std::size_t>(index)]; }

  /// A node that gives the tensor, its name, shape and quantization filled in.
  DraftNode make_node(int tensor, model::Op op, std::vector<int> inputs);
  /// The same without its shape: of tensors that have a batch of their own.
  DraftNode make_shapeless_node(int tensor, model::Op op, std::vector<int> inputs);
  /// A node that no tensor of the file stands for, with the quantization of `source`.
  int add_helper(const std::string& name, model::Op op, int source, model::Shape shape);
  /// Appends the node; `tensor` -1 where no tensor of the file stands for it. In float networks its
  /// fused activation becomes a node of its own.
  int add_node(DraftNode node, int tensor);

 private:
  int append(DraftNode node);
};

/// Reads one operator that computes on activations. Throws InputError if it is not known.
void read_operator(GraphBuilder& builder, const OperatorView& op);

/// Works out a SHAPE, STRIDED_SLICE or PACK on integers, or a DEQUANTIZE of a constant; false if
/// the operator is another one. Keras 3 writes Flatten with such operators, of constant value once
/// the batch is 1.
bool fold_constant_operator(GraphBuilder& builder, const OperatorView& op);

/// Value of an integer tensor, constant or folded. Throws InputError if it is neither.
std::vector<std::int64_t> integer_values(const GraphBuilder& builder, const OperatorView& op,
                                         std::size_t position);
/// Value of a constant in a float network: FLOAT32, folded, or int8 with its scales (the weights of
/// dynamic-range quantization, whose channels are along `channel_axis`).
std::vector<float> float_values(GraphBuilder& builder, const OperatorView& op, std::size_t position,
                                int channel_axis = 0);
/// Codes of a constant int8 tensor.
std::vector<std::int8_t> code_values(GraphBuilder& builder, const OperatorView& op,
                                     std::size_t position);
/// Scales of a constant int8 tensor: one, or one for each of its channels along `channel_axis`.
/// Refuses zero points other than 0.
std::vector<float> symmetric_scales(const GraphBuilder& builder, int tensor, int channel_axis);

/// Refuses the operator unless it has from `least` to `most` inputs.
void expect_inputs(const FileView& file, const OperatorView& op, std::size_t least,
                   std::size_t most);

}  // namespace deepaxe::frontend::tflite
