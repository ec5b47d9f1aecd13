// Sampling: which fault meets which image, as a pure function of (seed, index).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/fault/fault_space.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::fault {

/// A random order of [0, count): Fisher-Yates, its draws functions of (seed, position).
std::vector<std::uint32_t> permutation(std::uint32_t count, std::uint64_t seed);

/// The index in a space of `size` faults that draw `index` of this seed picks, uniformly.
/// Requires size > 0.
std::uint64_t uniform_fault(std::uint64_t size, std::uint64_t index, std::uint64_t seed) noexcept;

/// Which pairs are simulated twice: the share `fraction` of them, and pair 0 if fraction > 0.
class RecheckChoice {
 public:
  RecheckChoice(double fraction, std::uint64_t seed) noexcept;
  bool operator()(std::uint64_t pair) const noexcept {
    return mixed(seed_ ^ mixed(pair)) < bound_ || (pair == 0 && bound_ > 0);
  }

 private:
  // Asked of every pair, hence quicker than the other draws; it decides what is simulated twice and
  // no result. Source: SplitMix64, Steele et al., OOPSLA 2014.
  static std::uint64_t mixed(std::uint64_t word) noexcept {
    word += 0x9E3779B97F4A7C15U;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9U;
    word = (word ^ word >> 27) * 0x94D049BB133111EBU;
    return word ^ word >> 31;
  }

  std::uint64_t seed_;
  std::uint64_t bound_;  // Of words that are chosen; 0: none.
};

/// A layer as the paper counts it: a tensor of the space, or a Reshape (flatten) naming its memory.
struct PaperLayer {
  std::string name;
  int tensor = 0;  ///< Position in FaultSpace::tensors().
};

/// In graph order. Source: Taheri et al., "DeepAxe", ISQED 2023.
std::vector<PaperLayer> paper_layers(const model::Int8Model& model, const FaultSpace& space);

/// Faults over those layers, flatten counted again.
std::uint64_t paper_population(const std::vector<PaperLayer>& layers, const FaultSpace& space);

/// Layer, then neuron, then bit, each uniform. Requires layers not empty. Gives a fault index.
std::uint64_t layer_uniform_fault(const std::vector<PaperLayer>& layers, const FaultSpace& space,
                                  std::uint64_t index, std::uint64_t seed);

}  // namespace deepaxe::fault
