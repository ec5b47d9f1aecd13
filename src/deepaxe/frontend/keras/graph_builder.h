// GraphBuilder: collects the nodes of a FloatModel while the layers of a network are called.
#pragma once

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
  GraphBuilder(std::string file, bool theano_kernels)
      : file_(std::move(file)), theano_kernels_(theano_kernels) {}

  /// The layer's name, or "name@1", "name@2"... for its later calls.
  std::string unique_name(const std::string& name) const;

  /// Appends a node and infers its shape; InputError names the node if something does not fit.
  /// The value keeps the layout of the first input.
  Value append(const std::string& name, NodeParts parts);

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
  model::FloatModel model_;
};

/// Builds all of `network`: one input, one output. Not yet folded.
model::FloatModel build_graph(const Network& network, const std::string& file, bool theano_kernels);

}  // namespace deepaxe::frontend::keras
