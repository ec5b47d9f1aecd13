// Builders: one function for each Keras layer class, turning a call of it into nodes.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/frontend/keras/fields.h"
#include "deepaxe/frontend/keras/graph_builder.h"

namespace deepaxe::frontend::keras {

/// One call of one layer.
struct LayerCall {
  GraphBuilder& graph;
  const Layer& layer;
  Fields fields;
  std::string name;  ///< Of the node: unique.
  std::vector<Value> inputs;

  /// The only input; InputError where there are more.
  Value input() const;
  /// The only input, as our [h, w, c], by the layer's data_format.
  Value image() const;
  /// Throws unless the file holds exactly `count` arrays for this layer.
  void expect_weights(std::size_t count) const;
  /// Array `index`, after checking its shape.
  const std::vector<float>& weight(std::size_t index, const model::Shape& expected) const;
};

using LayerBuilder = Value (*)(const LayerCall& call);

// Computing layers (convolution.cc).
Value build_conv2d(const LayerCall& call);
Value build_depthwise_conv2d(const LayerCall& call);
Value build_separable_conv2d(const LayerCall& call);
Value build_dense(const LayerCall& call);

// Per-channel arithmetic (batch_norm.cc).
Value build_batch_normalization(const LayerCall& call);
Value build_rescaling(const LayerCall& call);

// Pointwise functions (pointwise.cc).
Value build_activation(const LayerCall& call);
Value build_relu(const LayerCall& call);
Value build_leaky_relu(const LayerCall& call);
Value build_prelu(const LayerCall& call);
Value build_softmax(const LayerCall& call);
Value build_nothing(const LayerCall& call);  ///< Layers that act in training only.
/// The layer's field `activation` as a node "<name>/relu"; `value` itself if linear.
Value append_fused_activation(const LayerCall& call, Value value);

// Layers that move or pool elements (shaping.cc).
Value build_max_pooling(const LayerCall& call);
Value build_average_pooling(const LayerCall& call);
Value build_global_max_pooling(const LayerCall& call);
Value build_global_average_pooling(const LayerCall& call);
Value build_flatten(const LayerCall& call);
Value build_reshape(const LayerCall& call);
Value build_permute(const LayerCall& call);
Value build_zero_padding(const LayerCall& call);
Value build_cropping(const LayerCall& call);
Value build_add(const LayerCall& call);
Value build_subtract(const LayerCall& call);
Value build_multiply(const LayerCall& call);
Value build_concatenate(const LayerCall& call);

}  // namespace deepaxe::frontend::keras
