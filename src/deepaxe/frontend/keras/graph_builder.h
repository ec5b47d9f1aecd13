// GraphBuilder: collects the nodes of a FloatModel while the layers of a network are called.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/frontend/keras/network.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::keras {

/// A tensor of the network. Where `channels_first`, Keras sees [c, h, w] and our node holds the
/// same elements as [h, w, c].
struct Value {
  int node = 0;
  bool channels_first = false;
};

/// What a new node is made of, beside its name.
struct NodeParts {
  model::Op op;
  std::vector<Value> inputs;
  std::vector<float> weights{};
  std::vector<float> bias{};
  model::Shape shape{};  ///< Of ops that do not tell it themselves.
};

class GraphBuilder {
 public:
  /// `num_stored`: weights in the file, see expect_room.
  GraphBuilder(std::string file, bool theano_kernels, std::size_t num_stored);

  /// The layer's name, or "name@1", "name@2"... for its later calls.
  std::string unique_name(const std::string& name);

  /// Appends a node and infers its shape; InputError names the node if something does not fit.
  /// The value keeps the layout of the first input.
  Value append(const std::string& name, NodeParts parts);

  /// Throws InputError naming `layer` if `num_weights` more would be far more than the file
  /// holds: a few bytes of a damaged one can ask for the same array thousands of times.
  void expect_room(const std::string& layer, std::size_t num_weights) const;

  const model::Shape& shape(Value value) const;
  /// The element order Keras sees: a Permute where the value is channels first.
  Value to_keras_order(Value value, const std::string& name);
  /// A Keras-ordered [c, h, w] as ours.
  Value to_channels_last(Value value, const std::string& name);

  const std::string& file() const { return file_; }
  bool theano_kernels() const { return theano_kernels_; }
  model::FloatModel& model() { return model_; }

 private:
  Value permute(Value value, std::vector<int> axes, const std::string& name);

  std::string file_;
  bool theano_kernels_;
  std::size_t room_;                      // Weights that may still be appended.
  std::set<std::string> names_;           // Of the nodes.
  std::map<std::string, int> num_calls_;  // Names given by unique_name, by layer.
  model::FloatModel model_;
};

/// Builds all of `network`: one input, one output. Not yet folded.
model::FloatModel build_graph(const Network& network, const std::string& file, bool theano_kernels);

}  // namespace deepaxe::frontend::keras
