// Charts of multipliers as SVG documents: error by operands, distribution of errors, error against
// cost. They see numbers alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace deepaxe::report {

/// Error by first operand (upwards) and second operand (to the right). `errors` is [256, 256] in
/// LSB, a = -128..127 outer, b = -128..127 inner. A cell is 4 x 4 pairs and shows the error of the
/// largest magnitude: red where too large, blue where too small, stronger by the square root.
/// Throws std::invalid_argument for another number of errors.
std::string error_heat_map(std::string_view title, std::span<const std::int32_t> errors);

/// Share of the pairs by error: a bar for each error, or for equal ranges of errors where there
/// would be more than 61. Throws std::invalid_argument if there are no errors.
std::string error_histogram(std::string_view title, std::span<const std::int32_t> errors);

struct ScatterPoint {
  std::string label;  ///< Shown on hovering, and beside points on the front.
  double cost = 0;
  double error = 0;
  bool on_front = false;
};

/// Cost to the right, error upwards by its logarithm; points without error lie below the others.
std::string error_cost_scatter(std::span<const ScatterPoint> points, std::string_view cost_label,
                               std::string_view error_label);

}  // namespace deepaxe::report
