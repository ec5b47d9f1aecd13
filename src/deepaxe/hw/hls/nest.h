// Nest: the loops of a computing layer, in the order and with the directives asked for.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/hls/hls.h"
#include "deepaxe/hw/hls/source_writer.h"

namespace deepaxe::hw::hls {

/// outer { start of the lanes' sums; inner { products of the lanes }; end of the lanes' sums }.
/// Variables: y, x or p the place of the output, i, j the kernel's, c the input channel; o the
/// output, or `group` and `lane` where several outputs but not all are summed at once.
struct Nest {
  std::vector<Loop> outer;
  std::vector<Loop> inner;
  Loop lanes;                ///< Over the sums that are kept at once; bound 1: a single one.
  bool is_last_group_short;  ///< Some lanes of the last group have no output.
  int weight_parts = 1;      ///< Memories for the weights of one output.

  bool has_group_loop() const noexcept { return lanes.bound > 1 && lanes.variable == "lane"; }
};

/// `parallel_outputs` (at least 1) is cut to the number of outputs.
Nest make_nest(const std::string& layer, const design::LayerShape& shape, bool is_dense,
               int parallel_outputs, const LoopParams& params);

/// As the paper's generator, whose cycles are hw/cost/paper_latency.h: a dense layer is two plain
/// loops, a convolution is pipelined over its input channels with the whole kernel unrolled. One
/// cycle an input channel in LeNet-5 (5x5) and three in AlexNet (3x3) are the law's.
Nest make_paper_nest(const std::string& layer, const design::LayerShape& shape, bool is_dense);

}  // namespace deepaxe::hw::hls
