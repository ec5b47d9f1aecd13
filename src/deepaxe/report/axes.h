// The two axes of a chart, with ticks, grid and labels.
#pragma once

#include <string_view>

#include "deepaxe/report/svg.h"

namespace deepaxe::report {

/// The rectangle of a chart's data, in pixels.
struct Frame {
  double left, right, top, bottom;
};

void draw_axes(Svg& svg, const Frame& frame, const Axis& x, const Axis& y, std::string_view x_label,
               std::string_view y_label);

}  // namespace deepaxe::report
