// Propagator: carries the differences of one node's inputs to its output.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/image_state.h"

namespace deepaxe::fault {

/// What is known of a node when its propagator is made. `roots` are the memories of its inputs.
struct NodeContext {
  const engine::Int8Engine* engine = nullptr;  ///< Outlives the propagator.
  int node = 0;
  std::vector<int> roots;
  std::vector<const arith::Multiplier*> multipliers;  ///< Of computing nodes: one, or per channel.

  const model::Int8Node& graph_node() const {
    return engine->model().nodes[static_cast<std::size_t>(node)];
  }
  const model::Int8Node& input_node(std::size_t input) const {
    return engine->model().nodes[static_cast<std::size_t>(graph_node().inputs[input])];
  }
};

/// Immutable, hence safe to share between threads.
class Propagator {
 public:
  virtual ~Propagator() = default;
  /// Requires that the node's own tensor, and that of node_written_instead(), have no differences;
  /// leaves in one of them exactly those elements whose value under the inputs' faulty values is
  /// not the golden one. The other stays golden, whatever the node would store.
  virtual void propagate(ImageState& state) const = 0;

  /// A node that may get the differences in place of the propagator's own, which nothing else
  /// reads; -1: none.
  virtual int node_written_instead() const { return -1; }

  /// What changes of one input element to each of `codes`, nothing else differing, come down to:
  /// the one output element that they can change, with `codes` replaced by its codes then. Nothing,
  /// and `codes` left, where that is not known without propagating. Reads golden values only.
  virtual std::optional<std::uint32_t> follow(std::uint32_t /*element*/,
                                              std::span<std::int8_t> /*codes*/,
                                              const ImageState& /*state*/) const {
    return std::nullopt;
  }
};

class ComputingNode;
class InputReach;
class PooledSums;
/// Moves sums by what changed; runs the layer at the positions that changes reach; or runs it
/// whole.
enum class Way { kSparse, kWindows, kWhole };
/// `pooled`: of the pool that alone reads the node, or null; then the pool's tensor gets the
/// differences. `way`: for tests, the one that is always taken, in place of the one that costs
/// least.
std::unique_ptr<Propagator> make_computing_propagator(std::shared_ptr<const ComputingNode> node,
                                                      std::shared_ptr<const InputReach> reach,
                                                      std::shared_ptr<const PooledSums> pooled,
                                                      std::optional<Way> way = std::nullopt);
std::unique_ptr<Propagator> make_grouped_propagator(std::shared_ptr<const ComputingNode> node,
                                                    std::shared_ptr<const InputReach> reach);
/// Of any other node: the sparse propagator of its op where there is one, else the one that runs
/// the node.
std::unique_ptr<Propagator> make_propagator(const NodeContext& context);

/// Each maker returns null where its sparse rule does not hold.
std::unique_ptr<Propagator> make_pool_propagator(const NodeContext& context);
std::unique_ptr<Propagator> make_binary_propagator(const NodeContext& context);
std::unique_ptr<Propagator> make_lookup_propagator(const NodeContext& context);
std::unique_ptr<Propagator> make_move_propagator(const NodeContext& context);
/// Runs the whole node on the faulty inputs and compares: right for every op.
std::unique_ptr<Propagator> make_dense_propagator(const NodeContext& context);

}  // namespace deepaxe::fault
