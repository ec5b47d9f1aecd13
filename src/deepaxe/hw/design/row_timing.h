// RowTiming: in which cycles a layer of the generated engine reads and writes its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// What a row of a layer waits for: rows that are complete in the memories it reads.
struct RowNeeds {
  int first = 1;  ///< Rows of the memory for the first output row; may be below 1...
  int step = 0;   ///< ...and so many more for each further one, as many as there are at most.
};

/// Of a layer's input number `input`, in rows of the memory that holds it. All rows where the
/// layer sees other rows (a flattened image) or reads in another order.
RowNeeds row_needs(const model::Int8Model& model, int node, std::size_t input);

/// The node whose memory holds the tensor of `node`: through Reshape.
int memory_node(const model::Int8Model& model, int node) noexcept;

/// A memory of one image: when its rows are complete, and when its read port is free.
struct MemoryTimes {
  std::vector<std::int64_t> row_written;  ///< The cycle of the write; empty: before the start.
  std::int64_t port_free = 0;             ///< The first cycle in which the next reader may read.
};

/// Of one image in one layer.
struct RowTimes {
  std::int64_t first_read = 0;
  std::int64_t end_of_reads = 0;  ///< The cycle after the last read.
  std::vector<std::int64_t>
      row_started;  ///< The first cycle of reading for each row of the output.
  std::vector<std::int64_t> row_written;
};

/// A layer with `lanes` multipliers: how long its rows take and what they wait for.
class RowTiming {
 public:
  RowTiming(const model::Int8Model& model, const LayerPlan& layer, int lanes);

  /// The walker may read from cycle `first` on. memories[n] is that of node n.
  RowTimes run(std::int64_t first, std::span<const MemoryTimes> memories) const;

  const LayerWalk& walk() const noexcept { return walk_; }

 private:
  std::int64_t ready(std::span<const MemoryTimes> memories, int row) const;

  LayerWalk walk_;
  std::vector<int> sources_;     // Nodes...
  std::vector<RowNeeds> needs_;  // ...and what is needed of each.
};

}  // namespace deepaxe::hw::design
