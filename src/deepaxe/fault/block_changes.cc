#include "deepaxe/fault/block_changes.h"

namespace deepaxe::fault {

namespace {

// `list` writes the differences of blocks of `output` and lists them.
template <typename List>
void list_changes(const CodeBlocks& blocks, TensorState& output, ImageState& state,
                  const List& list) {
  const std::size_t room = blocks.count * blocks.width + 16;  // As ChangeLists wants.
  resize_at_least(state.found, room);
  resize_at_least(state.found_blocks, blocks.count + 16);
  ChangeLists lists{state.found.data(), state.found_blocks.data()};
  list(lists);
  output.changed.assign(lists.elements, lists.elements + lists.num_elements);
  output.changed_pixels.assign(lists.blocks, lists.blocks + lists.num_blocks);
  output.pixel_size = static_cast<std::uint32_t>(blocks.width);
}

}  // namespace

void set_changed_blocks(const DifferenceLoops& loops, const CodeBlocks& blocks,
                        const std::int8_t* codes, TensorState& output, ImageState& state) {
  list_changes(blocks, output, state, [&](ChangeLists& lists) {
    loops.store_changed(blocks, codes, output.faulty.data(), lists);
  });
}

void set_combined_blocks(const DifferenceLoops& loops, const CombinedBlocks& combined,
                         TensorState& output, ImageState& state) {
  list_changes(combined.blocks, output, state, [&](ChangeLists& lists) {
    loops.combine_changed(combined, output.faulty.data(), lists);
  });
}

void set_changed_blocks(const DifferenceLoops& loops, const std::vector<std::uint32_t>& blocks,
                        std::size_t width, TensorState& output, ImageState& state) {
  state.first_elements.resize(blocks.size());
  for (std::size_t slot = 0; slot < blocks.size(); ++slot) {
    state.first_elements[slot] = blocks[slot] * static_cast<std::uint32_t>(width);
  }
  set_changed_blocks(loops, {state.first_elements.data(), blocks.size(), width},
                     state.block_codes.data(), output, state);
}

void list_changed_pixels(std::span<const TensorState* const> tensors, std::uint32_t pixel_size,
                         ImageState& state) {
  state.pixels.clear();
  state.marks.resize_at_least(tensors.front()->golden.size());
  state.marks.clear();
  const auto add = [&](std::uint32_t first) {
    if (state.marks.mark(first)) state.pixels.push_back(first);
  };
  for (const TensorState* tensor : tensors) {
    if (tensor->has_pixels_of(pixel_size)) {
      for (const std::uint32_t first : tensor->changed_pixels) add(first);
    } else {
      for (const std::uint32_t element : tensor->changed) add(element - element % pixel_size);
    }
  }
}

}  // namespace deepaxe::fault
