// Svg: a drawing as SVG text; just the shapes the charts need. Source: SVG 1.1, W3C.
#pragma once

#include <string>
#include <string_view>

namespace deepaxe::report {

/// Text with &, <, > and quotes escaped for XML and HTML.
std::string escape_markup(std::string_view text);

enum class Anchor { kStart, kMiddle, kEnd };

/// Coordinates in pixels, y downwards. `tooltip`, where not empty, is shown on hovering.
class Svg {
 public:
  Svg(int width, int height, std::string_view title);

  void line(double x1, double y1, double x2, double y2, std::string_view color, double width = 1);
  void rect(double x, double y, double width, double height, std::string_view fill,
            std::string_view tooltip = "");
  void circle(double x, double y, double radius, std::string_view fill, std::string_view stroke,
              std::string_view tooltip = "");
  void text(double x, double y, std::string_view content, Anchor anchor = Anchor::kStart,
            int size = 12, int rotation_degrees = 0, std::string_view color = "#222");

  std::string str() const;  ///< The whole document.

 private:
  std::string body_;
};

/// A linear scale from data to pixels.
class Axis {
 public:
  /// Widens [low, high] to round numbers; an empty range becomes one around its value.
  Axis(double low, double high, double pixel_low, double pixel_high);

  double pixel(double value) const noexcept;
  double low() const noexcept { return low_; }
  double high() const noexcept { return high_; }
  double step() const noexcept { return step_; }  ///< Between ticks: 1, 2 or 5 times 10^n.

 private:
  double low_, high_, step_ = 1;
  double pixel_low_, pixel_high_;
};

/// A tick's label with as many decimals as the step needs.
std::string tick_label(double value, double step);

}  // namespace deepaxe::report
