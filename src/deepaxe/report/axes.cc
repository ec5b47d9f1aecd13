#include "deepaxe/report/axes.h"

#include <cmath>
#include <functional>

namespace deepaxe::report {

void draw_axes(Svg& svg, const Frame& frame, const Axis& x, const Axis& y, std::string_view x_label,
               std::string_view y_label) {
  const auto ticks = [](const Axis& axis, const std::function<void(double)>& draw) {
    const int count = static_cast<int>(std::lround((axis.high() - axis.low()) / axis.step()));
    for (int i = 0; i <= count; ++i) draw(axis.low() + i * axis.step());
  };
  ticks(x, [&](double value) {
    svg.line(x.pixel(value), frame.top, x.pixel(value), frame.bottom, "#e6e6e6");
    svg.text(x.pixel(value), frame.bottom + 16, tick_label(value, x.step()), Anchor::kMiddle, 11);
  });
  ticks(y, [&](double value) {
    svg.line(frame.left, y.pixel(value), frame.right, y.pixel(value), "#e6e6e6");
    svg.text(frame.left - 6, y.pixel(value) + 4, tick_label(value, y.step()), Anchor::kEnd, 11);
  });
  svg.line(frame.left, frame.bottom, frame.right, frame.bottom, "#444");
  svg.line(frame.left, frame.top, frame.left, frame.bottom, "#444");
  svg.text((frame.left + frame.right) / 2, frame.bottom + 36, x_label, Anchor::kMiddle);
  svg.text(frame.left - 58, (frame.top + frame.bottom) / 2, y_label, Anchor::kMiddle, 12, -90);
}

}  // namespace deepaxe::report
