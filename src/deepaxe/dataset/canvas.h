// Canvas: grey-level drawing of thick lines with smooth edges, for make_digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/dataset/glyphs.h"

namespace deepaxe::dataset {

/// Square, values in [0, 1]; pixel (x, y) has its centre at (x + 0.5, y + 0.5). Only +, -, *, / and
/// square roots in double are used: IEEE 754 fixes every digit of them.
class Canvas {
 public:
  explicit Canvas(int side);

  /// Draws through `line` with a round pen whose radius goes from `first_radius` to `last_radius`;
  /// the edge is one pixel wide. Where lines overlap, the darker one stays.
  void draw(std::span<const Point> line, double first_radius, double last_radius, double ink);

  /// Weighted mean with the four neighbours, which get `weight` each (at most 1/4).
  void blur(double weight);

  std::span<double> values() noexcept { return values_; }
  /// Codes 0..255, values outside [0, 1] clamped.
  void write_to(std::span<std::uint8_t> bytes) const;

 private:
  void draw_segment(Point from, Point to, double first_radius, double last_radius, double ink);
  double& at(int x, int y) { return values_[static_cast<std::size_t>(y * side_ + x)]; }

  int side_;
  std::vector<double> values_;
};

}  // namespace deepaxe::dataset
