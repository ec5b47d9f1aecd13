#include "deepaxe/report/multiplier_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "deepaxe/report/axes.h"
#include "deepaxe/report/svg.h"

namespace deepaxe::report {
namespace {

constexpr std::size_t kCodes = 256;
constexpr std::size_t kPairsPerCell = 4;  // In each direction.
constexpr std::size_t kCells = kCodes / kPairsPerCell;
constexpr double kCellPixels = 7;
constexpr Frame kHeatFrame{
    .left = 80, .right = 80 + kCells * kCellPixels, .top = 30, .bottom = 30 + kCells * kCellPixels};

// The error of the largest magnitude among the pairs of a cell.
std::int32_t cell_error(std::span<const std::int32_t> errors, std::size_t row, std::size_t column) {
  std::int32_t extreme = 0;
  for (std::size_t a = row * kPairsPerCell; a < (row + 1) * kPairsPerCell; ++a) {
    for (std::size_t b = column * kPairsPerCell; b < (column + 1) * kPairsPerCell; ++b) {
      const std::int32_t error = errors[a * kCodes + b];
      if (std::abs(error) > std::abs(extreme)) extreme = error;
    }
  }
  return extreme;
}

// White for 0, to dark red or dark blue for the largest magnitude.
std::string diverging_color(std::int32_t error, std::int32_t largest) {
  const double share = largest == 0 ? 0 : std::sqrt(std::abs(error) / static_cast<double>(largest));
  const auto channel = [share](double at_one) { return std::lround(255 + share * (at_one - 255)); };
  return error > 0 ? fmt::format("#{:02x}{:02x}{:02x}", channel(165), channel(15), channel(21))
                   : fmt::format("#{:02x}{:02x}{:02x}", channel(8), channel(69), channel(148));
}

// One row of cells; neighbours of one colour become one rectangle.
void draw_heat_row(Svg& svg, const std::vector<std::string>& colors, double y) {
  for (std::size_t first = 0; first < colors.size();) {
    std::size_t end = first + 1;
    while (end < colors.size() && colors[end] == colors[first]) ++end;
    svg.rect(kHeatFrame.left + kCellPixels * static_cast<double>(first), y,
             kCellPixels * static_cast<double>(end - first), kCellPixels, colors[first]);
    first = end;
  }
}

void draw_operand_ticks(Svg& svg) {
  for (const int code : {-128, -64, 0, 64, 127}) {
    const double offset = kCellPixels / kPairsPerCell * (code + 128.5);
    svg.text(kHeatFrame.left + offset, kHeatFrame.bottom + 16, fmt::format("{}", code),
             Anchor::kMiddle, 11);
    svg.text(kHeatFrame.left - 6, kHeatFrame.bottom - offset + 4, fmt::format("{}", code),
             Anchor::kEnd, 11);
  }
  svg.text((kHeatFrame.left + kHeatFrame.right) / 2, kHeatFrame.bottom + 36,
           "second operand (weight)", Anchor::kMiddle);
  svg.text(kHeatFrame.left - 48, (kHeatFrame.top + kHeatFrame.bottom) / 2,
           "first operand (activation)", Anchor::kMiddle, 12, -90);
}

void draw_color_scale(Svg& svg, std::int32_t largest) {
  constexpr int kSteps = 9;
  for (int step = 0; step < kSteps; ++step) {
    const double share = 1 - 2.0 * step / (kSteps - 1);  // 1 to -1, downwards.
    const auto error = static_cast<std::int32_t>(std::lround(share * largest));
    const double y = kHeatFrame.top + 24.0 * step;
    svg.rect(kHeatFrame.right + 20, y, 18, 22, diverging_color(error, largest));
    svg.text(kHeatFrame.right + 44, y + 15, fmt::format("{}", error), Anchor::kStart, 11);
  }
  svg.text(kHeatFrame.right + 20, kHeatFrame.top + 24.0 * kSteps + 14, "LSB", Anchor::kStart, 11);
}

}  // namespace

std::string error_heat_map(std::string_view title, std::span<const std::int32_t> errors) {
  if (errors.size() != kCodes * kCodes) {
    throw std::invalid_argument(
        fmt::format("{} errors, expected {}", errors.size(), kCodes * kCodes));
  }
  std::int32_t largest = 0;
  for (const std::int32_t error : errors) largest = std::max(largest, std::abs(error));
  Svg svg(static_cast<int>(kHeatFrame.right) + 110, static_cast<int>(kHeatFrame.bottom) + 50,
          title);
  svg.text(kHeatFrame.left, kHeatFrame.top - 10, title);
  for (std::size_t row = 0; row < kCells; ++row) {
    std::vector<std::string> colors;
    for (std::size_t column = 0; column < kCells; ++column) {
      colors.push_back(diverging_color(cell_error(errors, row, column), largest));
    }
    draw_heat_row(svg, colors, kHeatFrame.bottom - kCellPixels * static_cast<double>(row + 1));
  }
  draw_operand_ticks(svg);
  draw_color_scale(svg, largest);
  return svg.str();
}

std::string error_histogram(std::string_view title, std::span<const std::int32_t> errors) {
  constexpr std::int64_t kMostBars = 61;
  if (errors.empty()) throw std::invalid_argument("no errors");
  const auto [low, high] = std::minmax_element(errors.begin(), errors.end());
  const std::int64_t first = *low;
  const std::int64_t num_values = std::int64_t{*high} - first + 1;
  const std::int64_t width = (num_values + kMostBars - 1) / kMostBars;
  std::vector<std::int64_t> counts(static_cast<std::size_t>((num_values + width - 1) / width));
  for (const std::int32_t error : errors)
    ++counts[static_cast<std::size_t>((error - first) / width)];

  constexpr Frame kFrame{.left = 80, .right = 620, .top = 30, .bottom = 330};
  Svg svg(650, 390, title);
  const auto total = static_cast<double>(errors.size());
  const double most =
      100 * static_cast<double>(*std::max_element(counts.begin(), counts.end())) / total;
  const Axis x(static_cast<double>(first) - 0.5, static_cast<double>(*high) + 0.5, kFrame.left,
               kFrame.right);
  const Axis y(0, most, kFrame.bottom, kFrame.top);
  svg.text(kFrame.left, kFrame.top - 10, title);
  draw_axes(svg, kFrame, x, y, "error (LSB)", "share of the operand pairs (%)");
  for (std::size_t bar = 0; bar < counts.size(); ++bar) {
    if (counts[bar] == 0) continue;
    const std::int64_t from = first + static_cast<std::int64_t>(bar) * width;
    const double left = x.pixel(static_cast<double>(from) - 0.5);
    const double right = x.pixel(static_cast<double>(from + width) - 0.5);
    const double percent = 100 * static_cast<double>(counts[bar]) / total;
    const double top = y.pixel(percent);
    svg.rect(left, top, std::max(0.8, right - left - 0.6), kFrame.bottom - top, "#0072b2",
             fmt::format("{} to {} LSB: {} pairs, {:.3f} %", from, from + width - 1, counts[bar],
                         percent));
  }
  return svg.str();
}

std::string error_cost_scatter(std::span<const ScatterPoint> points, std::string_view cost_label,
                               std::string_view error_label) {
  double smallest = 0, largest = 0, high_cost = 0;
  for (const ScatterPoint& point : points) {
    high_cost = std::max(high_cost, point.cost);
    if (point.error <= 0) continue;
    smallest = smallest > 0 ? std::min(smallest, point.error) : point.error;
    largest = std::max(largest, point.error);
  }
  if (smallest <= 0) smallest = largest = 1;  // All are exact.
  const double none = std::log10(smallest) - 0.5;
  constexpr Frame kFrame{.left = 80, .right = 620, .top = 20, .bottom = 400};
  Svg svg(720, 460, fmt::format("{} against {}", error_label, cost_label));
  const Axis x(0, high_cost, kFrame.left, kFrame.right);
  const Axis y(none, std::log10(largest), kFrame.bottom, kFrame.top);
  draw_axes(svg, kFrame, x, y, cost_label, fmt::format("log10 of {} (exact: lowest)", error_label));
  for (const bool front : {false, true}) {  // The front on top.
    for (const ScatterPoint& point : points) {
      if (point.on_front != front) continue;
      const double px = x.pixel(point.cost);
      const double py = y.pixel(point.error > 0 ? std::log10(point.error) : none);
      svg.circle(px, py, front ? 5 : 3.5, front ? "#d55e00" : "#ffffff",
                 front ? "#000000" : "#0072b2",
                 fmt::format("{}: {} {:.4g}, {} {:.4g}", point.label, cost_label, point.cost,
                             error_label, point.error));
      if (front) svg.text(px + 8, py - 4, point.label, Anchor::kStart, 10);
    }
  }
  return svg.str();
}

}  // namespace deepaxe::report
