// Glyphs: how each digit is written, as strokes in a unit box; the data behind make_digits.
#pragma once

#include <vector>

namespace deepaxe::dataset {

struct Point {
  double x = 0, y = 0;  ///< In the unit box: x to the right, y downwards.
};

/// A line of the pen, through its points; smooth: a Catmull-Rom spline, else straight pieces.
struct Stroke {
  bool smooth = false;
  std::vector<Point> points;
};

using Glyph = std::vector<Stroke>;

/// The writing styles of a digit 0..9 (a 7 with and without a bar, open and closed 4, ...).
const std::vector<Glyph>& glyph_styles(int digit);

}  // namespace deepaxe::dataset
