// Schedule: when each layer of the generated engine reads and writes, in cycles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// Cycles count from 0, that of the start.
struct LayerCycles {
  std::int64_t first_read = 0;
  std::int64_t last_write = 0;

  bool operator==(const LayerCycles&) const = default;
};

/// What a row of a layer waits for: rows that are complete in the memories it reads, and earlier
/// readers of the same memory, which has one read port.
struct RowNeeds {
  int first = 1;  ///< Rows of the memory for the first output row; may be below 1...
  int step = 0;   ///< ...and so many more for each further one, as many as there are at most.
};

/// Of a layer's input number `input`, in rows of the memory that holds it. All rows where the
/// layer sees other rows (a flattened image) or reads in another order.
RowNeeds row_needs(const model::Int8Model& model, int node, std::size_t input);

/// The node whose memory holds the tensor of `node`: through Reshape.
int memory_node(const model::Int8Model& model, int node) noexcept;

/// By node; Input, Reshape, Softmax and what does not lead to the logits stay 0.
/// parallel_outputs has one entry for each computing layer (model::computing_nodes order).
/// All layers start together; each reads a row as soon as the rows under it are written.
/// Throws std::invalid_argument for a wrong number of entries or one below 1.
std::vector<LayerCycles> schedule(const model::Int8Model& model,
                                  std::span<const int> parallel_outputs);

/// Cycles of one image, the start included: the last write of the logits + 1.
std::int64_t total_cycles(const model::Int8Model& model, std::span<const LayerCycles> schedule);

}  // namespace deepaxe::hw::design
