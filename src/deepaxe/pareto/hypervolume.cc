#include "deepaxe/pareto/hypervolume.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace deepaxe::pareto {
namespace {

using Points = std::vector<std::span<const double>>;

// Rows below the reference in every objective, in the order of their objectives, last one first.
Points points_below(std::span<const double> rows, std::span<const double> reference) {
  const std::size_t k = reference.size();
  Points points;
  for (std::size_t begin = 0; begin < rows.size(); begin += k) {
    const std::span<const double> row = rows.subspan(begin, k);
    bool is_below = true;
    for (std::size_t j = 0; j < k; ++j) is_below = is_below && row[j] < reference[j];
    if (is_below) points.push_back(row);
  }
  for (const std::span<const double> row : points) {
    if (std::any_of(row.begin(), row.end(), [](double x) { return std::isinf(x); })) {
      throw std::invalid_argument("hypervolume of a point at minus infinity");
    }
  }
  return points;
}

void sort_by(Points& points, std::size_t last) {
  std::sort(points.begin(), points.end(), [last](const auto& a, const auto& b) {
    for (std::size_t j = last + 1; j-- > 0;) {  // All of them: equal sums for any order of rows.
      if (a[j] != b[j]) return a[j] < b[j];
    }
    return false;
  });
}

// Area in objectives 0 and 1: a staircase, from the least objective 1 upwards.
double area(Points points, std::span<const double> reference) {
  sort_by(points, 1);
  double sum = 0;
  double least = reference[0];
  for (const std::span<const double> point : points) {
    if (point[0] >= least) continue;
    sum += (least - point[0]) * (reference[1] - point[1]);
    least = point[0];
  }
  return sum;
}

// Volume in objectives 0..last, slice by slice along the last: between two neighbouring values of
// it the section is the volume of the points up to there in one objective less.
double volume(Points points, std::span<const double> reference, std::size_t last) {
  if (points.empty()) return 0;
  if (last == 1) return area(std::move(points), reference);
  sort_by(points, last);
  if (last == 0) return reference[0] - points.front()[0];
  double sum = 0;
  Points section;
  for (std::size_t i = 0; i < points.size(); ++i) {
    section.push_back(points[i]);
    const double end = i + 1 < points.size() ? points[i + 1][last] : reference[last];
    const double depth = end - points[i][last];
    if (depth > 0) sum += depth * volume(section, reference, last - 1);
  }
  return sum;
}

}  // namespace

double hypervolume(std::span<const double> rows, std::span<const double> reference) {
  const std::size_t k = reference.size();
  if (k == 0 || rows.size() % k != 0) {
    throw std::invalid_argument(
        fmt::format("{} values are not rows of {} objectives", rows.size(), k));
  }
  const auto is_nan = [](double x) { return std::isnan(x); };
  if (std::any_of(rows.begin(), rows.end(), is_nan) ||
      std::any_of(reference.begin(), reference.end(), is_nan)) {
    throw std::invalid_argument("hypervolume of NaN");
  }
  return volume(points_below(rows, reference), reference, k - 1);
}

}  // namespace deepaxe::pareto
