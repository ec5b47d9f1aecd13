#include "deepaxe/fault/block_changes.h"

namespace deepaxe::fault {

void set_changed_blocks(const DifferenceLoops& loops, const CodeBlocks& blocks,
                        const std::int8_t* codes, TensorState& output, ImageState& state) {
  const std::size_t room = blocks.count * blocks.width + 16;  // As find_changed wants.
  if (state.found.size() < room) {
    state.found.resize(room);
    state.found_codes.resize(room);
  }
  const std::size_t count = loops.find_changed(blocks, codes, output.golden.data(),
                                               state.found.data(), state.found_codes.data());
  output.set_all(state.found.data(), state.found_codes.data(), count);
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

}  // namespace deepaxe::fault
