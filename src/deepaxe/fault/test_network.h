// Random int8 networks and multipliers of this library's tests and benchmark.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::fault::testing {

/// Adds nodes with random weights, scaled so that codes spread over most of int8. Every tensor has
/// one scale; computing layers have per-channel weight scales and, if asked, a fused ReLU.
class NetworkBuilder {
 public:
  NetworkBuilder(model::Shape input, std::uint64_t seed);

  /// Each returns the new node's index; `input` is the node it reads.
  int convolution(int input, int channels, const model::Window& window, int groups = 1,
                  bool relu = true);
  int depthwise(int input, int multiplier, const model::Window& window);
  int dense(int input, int units, bool relu);
  int flatten(int input);
  int global_pool(int input);
  /// A node without weights whose output has the quantization of its first input, or `quant`.
  int plain(model::Op op, std::vector<int> inputs);
  int plain(model::Op op, std::vector<int> inputs, quant::QuantParams quant);
  /// Prelu, or Arithmetic with a constant of `size` codes.
  int with_constant(model::Op op, int input, std::size_t size);
  const model::Shape& shape(int node) const {
    return model_.nodes[static_cast<std::size_t>(node)].shape;
  }

  model::Window same(int input, int kernel, int stride = 1, int dilation = 1) const;
  model::Int8Model finish(int output) const;

 private:
  std::int32_t draw(std::int32_t low, std::int32_t high);  // Both included.
  int add(model::Int8Node node);
  int add_computing(model::Op op, int input, int channels, std::size_t depth,
                    std::size_t num_weights, bool relu);

  model::Int8Model model_;
  base::CounterRng rng_;
  std::uint64_t next_draw_ = 0;
};

model::Window square_window(int kernel, int stride = 1, int dilation = 1);

model::Int8Model chain_network(std::uint64_t seed);     ///< Conv, max pool, dense, Softmax.
model::Int8Model residual_network(std::uint64_t seed);  ///< Depthwise, Add, average pool.
model::Int8Model branch_network(std::uint64_t seed);    ///< Concatenate, groups, GlobalPool.
model::Int8Model moving_network(std::uint64_t seed);    ///< Pad, Permute, Slice, Activate.
model::Int8Model gated_network(std::uint64_t seed);     ///< Arithmetic, Prelu, Softmax, tables.
std::vector<model::Int8Model> all_networks(std::uint64_t seed);

/// The shapes of the paper's networks, with random weights.
model::Int8Model lenet5_network(std::uint64_t seed);
model::Int8Model alexnet_network(std::uint64_t seed);

/// The exact products plus noise of up to +-`noise`: no structure to lean on.
arith::Multiplier noisy_multiplier(std::uint64_t seed, int noise = 300);
/// A different noisy multiplier in every second layer, the exact one in the others.
engine::Assignment noisy_assignment(const model::Int8Model& model, std::uint64_t seed);

std::vector<std::int8_t> random_images(const model::Int8Model& model, std::size_t count,
                                       std::uint64_t seed);

}  // namespace deepaxe::fault::testing
