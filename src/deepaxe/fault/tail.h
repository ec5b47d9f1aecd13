// Tail: the last layers of a network, run whole for many faults at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::fault {

/// What one thread keeps while it runs a tail.
struct TailBuffers {
  std::vector<std::vector<std::int8_t>> tensors;  ///< By node: [batch, size].
};

/// Cases that wait for a run from one entry, and the tensors that it starts from, one each.
struct TailQueue {
  std::vector<std::uint32_t> cases;
  std::vector<std::int8_t> inputs;
};

/// The nodes behind tensors that alone decide the logits, where every input reaches every output
/// and few products are left: a whole run in a batch then costs less than carrying differences
/// through each layer. Not so a large layer behind one that keeps differences local, where products
/// are sums of terms: rows of the few inputs that differ cost less. Immutable.
class Tail {
 public:
  static constexpr std::size_t kBatch = 128;
  /// Products of an image up to which a tail is run whole.
  static constexpr std::int64_t kMostMacs = 200'000;
  /// Products up to which a layer is run whole though few of its inputs differ. LeNet-5's first
  /// dense layer, 30,720: 20 of 256 do in the mean; by rows of those a census of the exact network
  /// takes 0.92, of 1KVP, whose products are three each, 0.65 of the time (AVX-512 VNNI). Another
  /// network's, 131,072: 0.57 and 0.29.
  static constexpr std::int64_t kMostMacsOfFew = 20'000;

  /// From the earliest such tensor on. multipliers_by_node is empty but for computing nodes, and
  /// outlives this with the engine.
  Tail(const engine::Int8Engine& engine,
       std::vector<std::vector<const arith::Multiplier*>> multipliers_by_node);

  /// The nodes whose tensors a run may start from, in graph order; the first of them, -1 if none.
  const std::vector<int>& entries() const noexcept { return entries_; }
  int cut() const noexcept { return entries_.empty() ? -1 : entries_.front(); }
  /// The place of a node among the entries; nothing for any other node.
  std::optional<std::size_t> entry_of(int node) const noexcept {
    const int entry = entry_of_node_[static_cast<std::size_t>(node)];
    if (entry < 0) return std::nullopt;
    return static_cast<std::size_t>(entry);
  }

  /// Tensors of entries()[entry], [batch, size] -> logits [batch, classes], in the buffers.
  std::span<const std::int8_t> run(std::size_t entry, std::span<const std::int8_t> inputs,
                                   TailBuffers& buffers) const;

 private:
  bool costs_less_by_rows(int node) const;

  const engine::Int8Engine& engine_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;
  std::vector<int> roots_;
  std::vector<int> entries_;
  std::vector<int> entry_of_node_;  // -1: none.
  std::vector<int> nodes_;          // Those to be run from the first entry, in order.
};

}  // namespace deepaxe::fault
