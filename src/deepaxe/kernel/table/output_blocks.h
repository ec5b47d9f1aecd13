// OutputBlocks: the outputs of a group in the widths that panels have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"

namespace deepaxe::kernel::table {

struct OutputBlock {
  int first;  ///< Output in its group.
  int width;  ///< A power of two times 8; the last outputs may be padding.
};

/// All blocks of one group, as wide as they can be, at most `max_width`.
std::vector<OutputBlock> split_outputs(const OutputStage& stage, int max_width);

/// Outputs of the block that are not padding.
int num_outputs(const ComputingLayer& layer, const OutputBlock& block) noexcept;

/// The weights of output i of the block in `group`: [depth].
const std::int8_t* weights_of(const ComputingLayer& layer, int group, const OutputBlock& block,
                              int i) noexcept;

/// Weights first_k..first_k + num_k - 1 of the outputs of a block;
/// column_of(output of the layer) is where the products or errors of that output lie.
template <typename ColumnOf>
PanelSource make_panel_source(const ComputingLayer& layer, int group, const OutputBlock& block,
                              int first_k, int num_k, ColumnOf column_of) {
  PanelSource source = {};
  source.num_k = num_k;
  source.width = block.width;
  const int group_out = layer.geometry.out_c / layer.geometry.groups;
  for (int i = 0; i < num_outputs(layer, block); ++i) {
    source.columns[i] = column_of(static_cast<std::size_t>(group * group_out + block.first + i));
    source.weights[i] =
        reinterpret_cast<const std::uint8_t*>(weights_of(layer, group, block, i)) + first_k;
  }
  return source;
}

}  // namespace deepaxe::kernel::table
