#include "deepaxe/report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace deepaxe::report {
namespace {

std::string with_tooltip(const std::string& element, std::string_view tooltip) {
  if (tooltip.empty()) return element + "/>\n";
  const std::string name = element.substr(1, element.find(' ') - 1);
  return fmt::format("{}><title>{}</title></{}>\n", element, escape_markup(tooltip), name);
}

// The round number 1, 2 or 5 times a power of ten that cuts `span` into about five parts.
double round_step(double span) {
  const double raw = span / 5;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double ratio = raw / power;
  if (ratio <= 1) return power;
  if (ratio <= 2) return 2 * power;
  return ratio <= 5 ? 5 * power : 10 * power;
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

Svg::Svg(int width, int height, std::string_view title)
    : body_(fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                        "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" role=\"img\">\n"
                        "<title>{2}</title>\n"
                        "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
                        width, height, escape_markup(title))) {}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view color, double width) {
  body_ += fmt::format(
      "<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke=\"{}\" "
      "stroke-width=\"{}\"/>\n",
      x1, y1, x2, y2, color, width);
}

void Svg::rect(double x, double y, double width, double height, std::string_view fill,
               std::string_view tooltip) {
  body_ += with_tooltip(
      fmt::format(R"(<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="{}")", x, y,
                  width, height, fill),
      tooltip);
}

void Svg::circle(double x, double y, double radius, std::string_view fill, std::string_view stroke,
                 std::string_view tooltip) {
  body_ +=
      with_tooltip(fmt::format(R"(<circle cx="{:.2f}" cy="{:.2f}" r="{}" fill="{}" stroke="{}")", x,
                               y, radius, fill, stroke),
                   tooltip);
}

void Svg::text(double x, double y, std::string_view content, Anchor anchor, int size,
               int rotation_degrees, std::string_view color) {
  constexpr const char* kAnchors[] = {"start", "middle", "end"};
  std::string transform;
  if (rotation_degrees != 0) {
    transform = fmt::format(" transform=\"rotate({} {:.2f} {:.2f})\"", rotation_degrees, x, y);
  }
  body_ += fmt::format(
      "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{}\" fill=\"{}\" text-anchor=\"{}\"{}>{}"
      "</text>\n",
      x, y, size, color, kAnchors[static_cast<int>(anchor)], transform, escape_markup(content));
}

std::string Svg::str() const { return body_ + "</svg>\n"; }

Axis::Axis(double low, double high, double pixel_low, double pixel_high)
    : low_(low), high_(high), pixel_low_(pixel_low), pixel_high_(pixel_high) {
  if (!(high_ > low_)) {
    const double margin = low == 0 ? 1 : std::abs(low) / 10;
    low_ -= margin;
    high_ += margin;
  }
  step_ = round_step(high_ - low_);
  low_ = std::floor(low_ / step_) * step_;
  high_ = std::ceil(high_ / step_) * step_;
}

double Axis::pixel(double value) const noexcept {
  return pixel_low_ + (value - low_) / (high_ - low_) * (pixel_high_ - pixel_low_);
}

std::string tick_label(double value, double step) {
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  const double tidy = std::abs(value) < step / 1000 ? 0.0 : value;  // No "-0".
  return fmt::format("{:.{}f}", tidy, decimals);
}

}  // namespace deepaxe::report
