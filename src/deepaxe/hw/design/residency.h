// Residency: for how long the memories of the generated engine hold codes that are still to be
// read.
#pragma once

#include <span>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// By node: the share of an image's cycles for which an element of its memory is live, from its
/// write (the image's: the start) to its last read, in the mean over the elements, in [0, 1]; 0
/// where nothing is stored or read. Follows the engine's loops element by element; a layer that
/// reads in another order than it computes (permute, slice, pad, concatenate, broadcast) counts
/// what it reads as live until it has read everything. Images follow each other without a pause.
/// parallel_outputs as for schedule(), with what it throws.
std::vector<double> live_shares(const model::Int8Model& model,
                                std::span<const int> parallel_outputs);

}  // namespace deepaxe::hw::design
