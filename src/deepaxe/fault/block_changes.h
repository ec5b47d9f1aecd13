// From the new codes of blocks of a tensor to its changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/image_state.h"

namespace deepaxe::fault {

/// `codes` are those of `blocks` of `output`, which has no differences, one after the other: those
/// that are not golden become its changes. A block is a pixel.
void set_changed_blocks(const DifferenceLoops& loops, const CodeBlocks& blocks,
                        const std::int8_t* codes, TensorState& output, ImageState& state);

/// The same of what a node of two operands makes of them; only where there is
/// DifferenceLoops::combine_changed.
void set_combined_blocks(const DifferenceLoops& loops, const CombinedBlocks& combined,
                         TensorState& output, ImageState& state);

/// The same of state.block_codes, where block b is the elements from b * width on.
void set_changed_blocks(const DifferenceLoops& loops, const std::vector<std::uint32_t>& blocks,
                        std::size_t width, TensorState& output, ImageState& state);

/// Lists in state.pixels the first elements of the pixels where any of some tensors of one size has
/// changes, each once.
void list_changed_pixels(std::span<const TensorState* const> tensors, std::uint32_t pixel_size,
                         ImageState& state);

}  // namespace deepaxe::fault
