// Draft: an int8 graph under construction, its numbers drawn from one random sequence.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/model/graph.h"
#include "draw.h"

namespace deepaxe::conformance {

/// The activations that TFLite can fuse into an int8 operator.
enum class Fused { kNone, kRelu, kRelu6, kReluN1To1 };

/// Sets the activation and its bounds in codes of `node.quant`, as the reader of .tflite does.
void fuse(model::Int8Node& node, Fused fused);

/// What a computing layer multiplies with, apart from its op.
struct ComputingParams {
  int outputs = 1;
  int depth = 1;  ///< Products in one sum.
  quant::QuantParams quant;
};

class Draft {
 public:
  /// Begins with an input of the given shape.
  Draft(Draw draw, model::Shape input_shape);

  Draw& draw() noexcept { return draw_; }
  const model::Int8Model& model() const noexcept { return model_; }
  int last() const noexcept { return static_cast<int>(model_.nodes.size()) - 1; }
  const model::Int8Node& node(int index) const {
    return model_.nodes.at(static_cast<std::size_t>(index));
  }
  float scale(int index) const { return node(index).quant.scale; }
  const model::Shape& shape(int index) const { return node(index).shape; }
  bool is_image(int index) const { return shape(index).size() == 3; }

  /// Scale from 2^-9 to 2^-2, now and then 2^-20 to 2^6; every fifth zero point is -128, 127 or 0.
  quant::QuantParams random_quant();
  /// A scale that makes the factor from `scale` to it lie in 2^[low, high]; any zero point.
  quant::QuantParams quant_with_factor(float scale, double low, double high);
  Fused random_fused();

  /// Appends a layer without weights and gives its index; `shape` only for ops that need it told.
  int add(model::Op op, std::vector<int> inputs, quant::QuantParams quant, Fused fused,
          model::Shape shape = {});
  /// The same for a layer that reads one node and a constant, shaped or counted as its op says.
  int add_with_constant(model::Op op, int input, std::size_t constant_size,
                        quant::QuantParams constant_quant, quant::QuantParams quant, Fused fused);
  /// Appends a computing layer with random weights, biases, scales and fused activation.
  int add_computing(model::Op op, int input, const ComputingParams& params);

  /// A layer of one multiplication per element that gives `channels` of them from `input`: a 1x1
  /// convolution of an image, a dense layer of anything else.
  int project(int input, int channels, quant::QuantParams quant);

 private:
  model::Int8Node start(model::Op op, std::vector<int> inputs, quant::QuantParams quant) const;
  int finish(model::Int8Node node);
  void fill_computing(model::Int8Node& node, const ComputingParams& params);

  Draw draw_;
  model::Int8Model model_;
};

}  // namespace deepaxe::conformance
