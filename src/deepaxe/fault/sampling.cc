#include "deepaxe/fault/sampling.h"

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

// Asked of every pair, hence quicker than the other draws; it decides what is simulated twice and
// no result. Source: SplitMix64, Steele et al., OOPSLA 2014.
std::uint64_t mixed(std::uint64_t word) {
  word += 0x9E3779B97F4A7C15U;
  word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9U;
  word = (word ^ word >> 27) * 0x94D049BB133111EBU;
  return word ^ word >> 31;
}

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

bool is_rechecked(std::uint64_t pair, double fraction, std::uint64_t seed) noexcept {
  if (fraction <= 0) return false;
  return pair == 0 || static_cast<double>(mixed(seed ^ mixed(pair))) < fraction * 0x1p64;
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
