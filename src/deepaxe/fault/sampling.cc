#include "deepaxe/fault/sampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <variant>

#include "deepaxe/base/philox.h"

namespace deepaxe::fault {
namespace {

// One stream of the seed for each purpose, so that no two share a random number.
constexpr std::uint64_t kImageOrderStream = 1;
constexpr std::uint64_t kFaultStream = 2;
constexpr std::uint64_t kLayerStream = 4;
constexpr std::uint64_t kNeuronStream = 5;

}  // namespace

std::vector<std::uint32_t> permutation(std::uint32_t count, std::uint64_t seed) {
  const base::CounterRng rng(seed, kImageOrderStream);
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = count; i-- > 1;) {
    std::swap(order[i], order[rng.below(std::uint64_t{i} + 1, i)]);
  }
  return order;
}

std::uint64_t uniform_fault(std::uint64_t size, std::uint64_t index, std::uint64_t seed) noexcept {
  return base::CounterRng(seed, kFaultStream).below(size, index);
}

RecheckChoice::RecheckChoice(double fraction, std::uint64_t seed) noexcept : seed_(seed) {
  // No double below 2^64 rounds up to it; a share of 1 leaves out one word of 2^64.
  const double words = std::clamp(fraction, 0.0, 1.0) * 0x1p64;
  bound_ = words >= 0x1p64 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(std::ceil(words));
}

std::vector<PaperLayer> paper_layers(const model::Int8Model& model, const FaultSpace& space) {
  const std::vector<int> roots = storage_roots(model);
  const std::vector<bool> needed = needed_nodes(model);
  std::vector<int> tensor_of_node(model.nodes.size(), -1);
  for (std::size_t t = 0; t < space.tensors().size(); ++t) {
    tensor_of_node[static_cast<std::size_t>(space.tensors()[t].node)] = static_cast<int>(t);
  }
  std::vector<PaperLayer> layers;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const int tensor = tensor_of_node[static_cast<std::size_t>(roots[i])];
    if (needed[i] && tensor >= 0) layers.push_back({model.nodes[i].name, tensor});
  }
  return layers;
}

std::uint64_t paper_population(const std::vector<PaperLayer>& layers, const FaultSpace& space) {
  std::uint64_t population = 0;
  for (const PaperLayer& layer : layers) {
    population += space.tensors()[static_cast<std::size_t>(layer.tensor)].elements * 8;
  }
  return population;
}

std::uint64_t layer_uniform_fault(const std::vector<PaperLayer>& layers, const FaultSpace& space,
                                  std::uint64_t index, std::uint64_t seed) {
  const std::uint64_t layer = base::CounterRng(seed, kLayerStream).below(layers.size(), index);
  const FaultTensor& tensor = space.tensors()[static_cast<std::size_t>(layers[layer].tensor)];
  const base::CounterRng rng(seed, kNeuronStream);
  return tensor.first_fault + rng.below(tensor.elements, index) * 8 + rng.below(8, index, 1);
}

}  // namespace deepaxe::fault
