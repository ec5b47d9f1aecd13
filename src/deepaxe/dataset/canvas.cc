#include "deepaxe/dataset/canvas.h"

#include <algorithm>
#include <cmath>

namespace deepaxe::dataset {

Canvas::Canvas(int side) : side_(side), values_(static_cast<std::size_t>(side * side)) {}

void Canvas::draw(std::span<const Point> line, double first_radius, double last_radius,
                  double ink) {
  const auto pieces = static_cast<double>(line.size() - 1);
  const auto radius_at = [&](std::size_t i) {
    return first_radius + (last_radius - first_radius) * static_cast<double>(i) / pieces;
  };
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    draw_segment(line[i], line[i + 1], radius_at(i), radius_at(i + 1), ink);
  }
}

void Canvas::draw_segment(Point from, Point to, double first_radius, double last_radius,
                          double ink) {
  const double reach = std::max(first_radius, last_radius) + 0.5;
  const auto first = [&](double a, double b) {
    return static_cast<int>(std::clamp(std::min(a, b) - reach, 0.0, double(side_)));
  };
  const auto last = [&](double a, double b) {
    return static_cast<int>(std::clamp(std::max(a, b) + reach + 1, 0.0, double(side_)));
  };
  const double dx = to.x - from.x, dy = to.y - from.y;
  const double length2 = std::max(dx * dx + dy * dy, 1e-12);
  for (int y = first(from.y, to.y); y < last(from.y, to.y); ++y) {
    for (int x = first(from.x, to.x); x < last(from.x, to.x); ++x) {
      const double px = x + 0.5 - from.x, py = y + 0.5 - from.y;
      const double t = std::clamp((px * dx + py * dy) / length2, 0.0, 1.0);
      const double ex = px - t * dx, ey = py - t * dy;
      const double radius = first_radius + t * (last_radius - first_radius);
      const double cover = radius + 0.5 - std::sqrt(ex * ex + ey * ey);
      at(x, y) = std::max(at(x, y), ink * std::clamp(cover, 0.0, 1.0));
    }
  }
}

void Canvas::blur(double weight) {
  std::vector<double> blurred(values_.size());
  const auto value = [&](int x, int y) {
    const bool inside = x >= 0 && y >= 0 && x < side_ && y < side_;
    return inside ? at(x, y) : 0.0;
  };
  for (int y = 0; y < side_; ++y) {
    for (int x = 0; x < side_; ++x) {
      const double neighbours =
          value(x - 1, y) + value(x + 1, y) + value(x, y - 1) + value(x, y + 1);
      blurred[static_cast<std::size_t>(y * side_ + x)] =
          (1 - 4 * weight) * at(x, y) + weight * neighbours;
    }
  }
  values_ = std::move(blurred);
}

void Canvas::write_to(std::span<std::uint8_t> bytes) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(std::lround(std::clamp(values_[i], 0.0, 1.0) * 255));
  }
}

}  // namespace deepaxe::dataset
