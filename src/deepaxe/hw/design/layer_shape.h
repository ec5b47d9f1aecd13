// Shapes of layers as hardware sees them: windows over images, computing layers as convolutions.
#pragma once

#include <cstddef>
#include <string>

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// What a sliding window moves over, and how its loops are written.
struct WindowShape {
  int in_h = 1, in_w = 1;
  int out_h = 1, out_w = 1;
  model::Window window;

  /// Some window reaches over the border of the image.
  bool is_padded() const noexcept;
};

/// Every computing layer as a grouped convolution. Dense: 1x1 over [positions, 1, in].
struct LayerShape : WindowShape {
  int in_c = 1, out_c = 1;
  int groups = 1;

  int group_in() const noexcept { return in_c / groups; }
  int group_out() const noexcept { return out_c / groups; }
  int depth() const noexcept { return window.kernel_h * window.kernel_w * group_in(); }
};
LayerShape layer_shape(const model::Int8Model& model, int node);

const model::Int8Node& input_node(const model::Int8Model& model, const LayerPlan& layer,
                                  std::size_t input = 0);

/// "5x5, stride 2, dilation 2, padding 1 1 1 1" (the last three where they are not 1, 1, 0).
std::string describe(const model::Window& window);

}  // namespace deepaxe::hw::design
