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

struct GraphBuilder {
  const FileView& file;
  bool keep_names = false;  ///< Written by us: tensor names are layer names.
  /// Rounding of computing layer l: 's' or 'd'; empty where the defaults hold.
  std::string roundings = {};
  model::Int8Model model = {};
  std::map<int, int> node_of_tensor = {};
  /// Value of each integer tensor worked out from constants and static shapes.
  std::map<int, std::vector<std::int64_t>> integers = {};
  std::set<std::string> names = {};
  std::size_t weight_bytes = 0;  ///< Of all nodes so far; layers may share one buffer.

  /// Index of the node that gives an input of the operator. Throws InputError if there is none.
  int input_node(const OperatorView& op, std::size_t position) const;
  const model::Int8Node& node(int index) const {
    return model.nodes[static_cast<std::size_t>(index)];
  }

  /// A node that gives the int8 tensor, its name, shape and quantization filled in.
  model::Int8Node make_node(int tensor, model::Op op, std::vector<int> inputs);
  /// Appends the node; `tensor` -1 where no tensor of the file stands for it.
  int add_node(model::Int8Node node, int tensor);
};

/// Reads one operator that computes on int8 tensors. Throws InputError if it is not known.
void read_operator(GraphBuilder& builder, const OperatorView& op);

/// Works out a SHAPE, STRIDED_SLICE or PACK on integers; false if the operator is another one.
/// Keras 3 writes Flatten with such operators, of constant value once the batch is 1.
bool fold_shape_operator(GraphBuilder& builder, const OperatorView& op);

/// Value of an integer tensor, constant or folded. Throws InputError if it is neither.
std::vector<std::int64_t> integer_values(const GraphBuilder& builder, const OperatorView& op,
                                         std::size_t position);

/// Refuses the operator unless it has from `least` to `most` inputs.
void expect_inputs(const FileView& file, const OperatorView& op, std::size_t least,
                   std::size_t most);

}  // namespace deepaxe::frontend::tflite
