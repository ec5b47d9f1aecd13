// FaultSpace: every fault of the declared kinds that a model's accelerator can have, numbered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/fault/fault.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::fault {

/// What is hit and how: the faults are the union over all pairs (target, effect) given.
struct FaultSpaceParams {
  std::vector<Target> targets = {Target::kActivation};
  std::vector<Effect> effects = {Effect::kFlip};
  bool include_input = false;  ///< kActivation: the stored input image too.
  int parallel_outputs = 1;    ///< N of the engine: units of each layer.
  /// kMultiplierNet: nets of the multiplier of each computing layer (model::computing_nodes order);
  /// 0 or nothing where it has no netlist, such a layer has no faults of this kind.
  std::vector<std::uint32_t> num_nets = {};
  /// What these multipliers are called in fault lists, in the same order; empty: nothing.
  std::vector<std::string> circuits = {};
};

/// Faults of one layer of one kind: [first_fault, first_fault + elements * bits).
struct FaultTensor {
  int node = 0;
  std::string name;  ///< Of the layer.
  std::uint64_t elements = 0;
  std::uint64_t first_fault = 0;
  std::vector<std::uint64_t> shape;  ///< Of `elements`, row-major, as Fault::element counts them.
  Target target = Target::kActivation;
  Effect effect = Effect::kFlip;
  int bits = 8;               ///< Places in one element where the effect can strike.
  std::size_t first_row = 0;  ///< Sum of `bits` of the tensors before: see FaultSpace::num_rows.
  int parallel_outputs = 0;   ///< N of the engine where its units are hit, else 0.
  std::string circuit;        ///< Whose nets are hit; else empty.

  std::uint64_t num_faults() const noexcept { return elements * static_cast<std::uint64_t>(bits); }
};

/// The node whose memory holds the tensor of each node: itself, or through Reshape its input's.
std::vector<int> storage_roots(const model::Int8Model& model);

/// Which nodes the logits depend on, the logits node included.
std::vector<bool> needed_nodes(const model::Int8Model& model);

/// Activations: stored tensors that a later layer reads, all storing nodes but the logits; tensors
/// only renamed (Reshape) are the same memory and count once. Everything else: the computing layers
/// that the logits depend on. Immutable.
class FaultSpace {
 public:
  /// Throws std::invalid_argument if no pair (target, effect) is defined, for parallel_outputs < 1,
  /// or for a num_nets of the wrong length.
  FaultSpace(const model::Int8Model& model, const FaultSpaceParams& params);
  /// Single flips of stored activations.
  explicit FaultSpace(const model::Int8Model& model, bool include_input = false);

  std::uint64_t size() const noexcept { return size_; }
  const std::vector<FaultTensor>& tensors() const noexcept { return tensors_; }
  /// Rows of a table by (tensor, bit): that of bit b of tensor t is tensors()[t].first_row + b.
  std::size_t num_rows() const noexcept { return num_rows_; }

  /// Numbering: tensor, then element, then bit. Requires index < size().
  Fault at(std::uint64_t index) const;
  /// The same, quick where tensors()[hint] is the one it hits; makes it so.
  Fault at(std::uint64_t index, std::size_t& hint) const;
  /// Throws std::invalid_argument for a fault outside the space.
  std::uint64_t index_of(const Fault& fault) const;
  /// Position in tensors() of the tensor that `index` hits.
  int tensor_of(std::uint64_t index) const;

 private:
  // Adds nothing, and returns false, where there is no element.
  bool add(const model::Int8Node& source, int node, std::vector<std::uint64_t> shape, Target target,
           Effect effect);
  void add_activations(const model::Int8Model& model, Effect effect, bool include_input);
  void add_layers(const model::Int8Model& model, Target target, Effect effect,
                  const FaultSpaceParams& params);

  std::vector<FaultTensor> tensors_;
  std::uint64_t size_ = 0;
  std::size_t num_rows_ = 0;
};

}  // namespace deepaxe::fault
