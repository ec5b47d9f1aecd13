#include "deepaxe/kernel/table/output_blocks.h"

#include <algorithm>

#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {

std::vector<OutputBlock> split_outputs(const OutputStage& stage, int max_width) {
  std::vector<OutputBlock> blocks;
  for (int first = 0; first < stage.padded_run();) {
    int width = max_width;
    while (width > stage.padded_run() - first) width /= 2;
    blocks.push_back({.first = first, .width = width});
    first += width;
  }
  return blocks;
}

int num_outputs(const ComputingLayer& layer, const OutputBlock& block) noexcept {
  return std::min(block.width, layer.geometry.out_c / layer.geometry.groups - block.first);
}

const std::int8_t* weights_of(const ComputingLayer& layer, int group, const OutputBlock& block,
                              int i) noexcept {
  const int group_out = layer.geometry.out_c / layer.geometry.groups;
  return layer.weights.data() +
         to_size(group * group_out + block.first + i) * layer.geometry.depth();
}

}  // namespace deepaxe::kernel::table
