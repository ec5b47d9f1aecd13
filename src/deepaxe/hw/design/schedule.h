// Schedule: when each layer of the generated engine reads and writes, in cycles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// Of the way out: address and code of a logit follow each other.
inline constexpr std::int64_t kCyclesPerLogit = 2;

/// Cycles count from 0, that of the start.
struct LayerCycles {
  std::int64_t first_read = 0;
  std::int64_t last_write = 0;

  bool operator==(const LayerCycles&) const = default;
};

/// Throws std::invalid_argument unless there is one number for each computing layer, at least 1.
void check_parallel_outputs(const model::Int8Model& model, std::span<const int> parallel_outputs);

/// By node; Input, Reshape, Softmax and what does not lead to the logits stay 0.
/// parallel_outputs has one entry for each computing layer (model::computing_nodes order).
/// All layers start together; each reads a row as soon as the rows under it are written, and after
/// earlier readers of the same memory, which has one read port.
/// Throws as check_parallel_outputs.
std::vector<LayerCycles> schedule(const model::Int8Model& model,
                                  std::span<const int> parallel_outputs);

/// By node: for each row of its output, the first cycle in which it reads for it; empty where
/// schedule() is 0. Throws as schedule().
std::vector<std::vector<std::int64_t>> row_starts(const model::Int8Model& model,
                                                  std::span<const int> parallel_outputs);

/// Cycles of one image, the start included: the last write of the logits + 1.
std::int64_t total_cycles(const model::Int8Model& model, std::span<const LayerCycles> schedule);

/// Cycles from image to image of a host that sends codes and takes logits whenever it can: the way
/// in, the cycles of the image, the way out, and 3 of the shell (axi_shell.v).
std::int64_t sequential_interval(const model::Int8Model& model, std::int64_t total_cycles);

/// Multipliers of a layer: 1 of one that does not compute (computing_index -1).
int lanes_of(std::span<const int> parallel_outputs, int computing_index) noexcept;

}  // namespace deepaxe::hw::design
