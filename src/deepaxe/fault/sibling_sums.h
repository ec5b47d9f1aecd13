// SiblingSums: changes of one input element of a computing layer to several codes, carried at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/image_state.h"
#include "deepaxe/fault/input_reach.h"
#include "deepaxe/fault/pooled_sums.h"

namespace deepaxe::fault {

/// Flips of one element, and of the elements whose maximum it is, differ by nothing but how far
/// they move the same few sums: what those sums are is found once for all of them. Immutable.
class SiblingSums {
 public:
  /// Null where the layer's sums are not moved so: groups, or products that are no sum of terms.
  /// `pooled`: see make_computing_propagator.
  static std::unique_ptr<const SiblingSums> make(std::shared_ptr<const ComputingNode> node,
                                                 std::shared_ptr<const InputReach> reach,
                                                 std::shared_ptr<const PooledSums> pooled);

  /// The node whose tensor the blocks below are of: the layer's, or that of its pool.
  int written_node() const noexcept;
  std::size_t num_channels() const noexcept { return channels_; }

  /// Carries the element, alone, to each of state.siblings.codes: leaves in state.siblings the
  /// blocks of the written tensor that may differ then, and their codes. Changes no tensor.
  void carry(std::uint32_t element, ImageState& state) const;

 private:
  SiblingSums(std::shared_ptr<const ComputingNode> node, std::shared_ptr<const InputReach> reach,
              std::shared_ptr<const PooledSums> pooled);
  void list_steps(std::int8_t golden, SiblingBuffers& siblings) const;
  void list_moved(std::uint32_t element, ImageState& state) const;
  const std::vector<std::uint32_t>& list_windows(ImageState& state) const;
  void list_rows(std::uint32_t window, const AccumulatorState& golden, ImageState& state) const;

  std::shared_ptr<const ComputingNode> node_;
  std::shared_ptr<const InputReach> reach_;
  std::shared_ptr<const PooledSums> pooled_;  // Null: no such pool.
  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  std::size_t channels_;
};

}  // namespace deepaxe::fault
