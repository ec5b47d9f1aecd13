// Residency: for how long the memories of the generated engine, or the queues of the pipeline, hold
// codes that are still to be read.
#pragma once

#include <span>
#include <vector>

#include "deepaxe/hw/design/pipeline.h"
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

/// The same of the pipeline, once it is full: how many live codes its queues hold of each element,
/// in the mean over elements and time. More than 1 where images wait in a queue. A node with
/// several readers has a queue for each, and these add up, as if a flip in one were seen by all.
std::vector<double> pipelined_live_codes(const model::Int8Model& model,
                                         std::span<const int> parallel_outputs);

}  // namespace deepaxe::hw::design
