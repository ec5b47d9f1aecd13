// Tail: the last layers of a network, run whole for many faults at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::fault {

/// What one thread keeps while it runs a tail.
struct TailBuffers {
  std::vector<std::vector<std::int8_t>> tensors;  ///< By node: [batch, size].
};

/// The nodes behind a tensor that alone decides the logits, where every input reaches every output
/// and few products are left: a whole run in a batch then costs less than carrying differences
/// through each layer. Immutable.
class Tail {
 public:
  static constexpr std::size_t kBatch = 128;
  /// Products of an image up to which a tail is run whole.
  static constexpr std::int64_t kMostMacs = 200'000;

  /// From the earliest such tensor on. multipliers_by_node is empty but for computing nodes, and
  /// outlives this with the engine.
  Tail(const engine::Int8Engine& engine,
       std::vector<std::vector<const arith::Multiplier*>> multipliers_by_node);

  /// The node whose tensor it starts from; -1 if there is none.
  int cut() const noexcept { return cut_; }
  std::size_t input_size() const;  ///< Of an image; requires a cut.

  /// inputs [batch, input_size] -> logits [batch, classes], in the buffers.
  std::span<const std::int8_t> run(std::span<const std::int8_t> inputs, std::size_t batch,
                                   TailBuffers& buffers) const;

 private:
  const engine::Int8Engine& engine_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;
  std::vector<int> roots_;
  std::vector<int> nodes_;  // Those to be run, in order.
  int cut_ = -1;
};

}  // namespace deepaxe::fault
