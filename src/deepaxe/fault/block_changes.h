// From the new codes of blocks of a tensor to its changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/image_state.h"

namespace deepaxe::fault {

/// `codes` are those of `blocks` of `output`, one after the other: those that are not golden join
/// the changes.
void set_changed_blocks(const DifferenceLoops& loops, const CodeBlocks& blocks,
                        const std::int8_t* codes, TensorState& output, ImageState& state);

/// The same of state.block_codes, where block b is the elements from b * width on.
void set_changed_blocks(const DifferenceLoops& loops, const std::vector<std::uint32_t>& blocks,
                        std::size_t width, TensorState& output, ImageState& state);

}  // namespace deepaxe::fault
