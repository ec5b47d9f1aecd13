#include "deepaxe/report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "deepaxe/report/axes.h"
#include "deepaxe/report/svg.h"

namespace deepaxe::report {
namespace {

// Okabe and Ito, "Color universal design", 2008: told apart by colour-blind readers too.
constexpr std::array<std::string_view, 8> kPalette = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#e69f00", "#56b4e9", "#8c6d1f", "#666666"};

std::optional<double> value_of(const Row& row, Quantity quantity) {
  const store::PointRecord& point = row.point;
  switch (quantity) {
    case Quantity::kAccuracyDrop:
      return 100 * row.accuracy_drop;
    case Quantity::kCycles:
      return static_cast<double>(point.cost.cycles);
    case Quantity::kResources:
      return point.cost.resources();
    case Quantity::kUtilization:
      return 100 * point.cost.utilization_fraction;
    case Quantity::kSdcRate:
      if (point.faults) return 100 * point.faults->sdc_rate;
      return std::nullopt;
    case Quantity::kVulnerability:
      if (point.faults) return 100 * point.faults->vulnerability;
      return std::nullopt;
  }
  return std::nullopt;
}

// The 95 % interval of a sampled quantity, in the units of value_of.
std::optional<std::pair<double, double>> interval_of(const Row& row, Quantity quantity) {
  if (!row.point.faults) return std::nullopt;
  const store::FaultRecord& faults = *row.point.faults;
  if (quantity == Quantity::kSdcRate) return std::pair(100 * faults.sdc_low, 100 * faults.sdc_high);
  if (quantity == Quantity::kVulnerability) {
    return std::pair(100 * faults.vulnerability_low, 100 * faults.vulnerability_high);
  }
  return std::nullopt;
}

using Colors = std::map<std::string, std::string_view>;

// One colour for each multiplier label, in alphabetical order; exact is black.
Colors multiplier_colors(const StudyTable& table) {
  std::set<std::string> labels;
  for (const Row& row : table.rows) labels.insert(row.point.multiplier);
  Colors colors;
  std::size_t next = 0;
  for (const std::string& label : labels) {
    colors[label] = label == "exact" ? "#000000" : kPalette[next++ % kPalette.size()];
  }
  return colors;
}

struct Span {
  double low = 0, high = 0;
  bool empty = true;

  void include(double value) {
    low = empty ? value : std::min(low, value);
    high = empty ? value : std::max(high, value);
    empty = false;
  }
};

void draw_legend(Svg& svg, const Colors& colors, double x, double y) {
  for (const auto& [label, color] : colors) {
    svg.circle(x, y - 4, 5, color, color);
    svg.text(x + 10, y, label);
    y += 18;
  }
  svg.circle(x, y - 4, 5, "#bbb", "#000");
  svg.text(x + 10, y, "Pareto set");
}

void draw_point(Svg& svg, const Row& row, double x, double y, std::string_view color) {
  const std::string tooltip = fmt::format(
      "{}: accuracy {:.2f} %, {} cycles, FF+LUT {:.0f}{}", row.label, 100 * row.point.accuracy(),
      row.point.cost.cycles, row.point.cost.resources(),
      row.point.faults ? fmt::format(", SDC rate {:.4f} %", 100 * row.point.faults->sdc_rate) : "");
  const bool front = row.view.on_front;
  svg.circle(x, y, front ? 5.5 : 3.5, front ? color : "#ffffff", front ? "#000000" : color,
             tooltip);
}

// One panel of bar_chart: a bar for each point, with its interval where it has one.
void draw_bar_panel(Svg& svg, const Frame& frame, const std::vector<const Row*>& rows,
                    Quantity quantity, const Colors& colors) {
  Span span;
  span.include(0);
  for (const Row* row : rows) {
    if (const auto value = value_of(*row, quantity)) span.include(*value);
    if (const auto interval = interval_of(*row, quantity)) {
      span.include(interval->first);
      span.include(interval->second);
    }
  }
  const Axis y(span.low, span.high, frame.bottom, frame.top);
  for (const double value : {y.low(), (y.low() + y.high()) / 2, y.high()}) {
    svg.line(frame.left, y.pixel(value), frame.right, y.pixel(value), "#e6e6e6");
    svg.text(frame.left - 6, y.pixel(value) + 4, fmt::format("{:.4g}", value), Anchor::kEnd, 10);
  }
  svg.text(frame.left, frame.top - 6, quantity_label(quantity));
  const double slot = (frame.right - frame.left) / static_cast<double>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto value = value_of(*rows[i], quantity);
    if (!value) continue;
    const double x = frame.left + slot * static_cast<double>(i);
    const double top = std::min(y.pixel(*value), y.pixel(0));
    const double height = std::max(0.5, std::max(y.pixel(*value), y.pixel(0)) - top);
    svg.rect(x + slot * 0.15, top, slot * 0.7, height, colors.at(rows[i]->point.multiplier),
             fmt::format("{}: {:.4f}", rows[i]->label, *value));
    if (const auto interval = interval_of(*rows[i], quantity)) {
      const double middle = x + slot / 2;
      svg.line(middle, y.pixel(interval->first), middle, y.pixel(interval->second), "#222");
    }
  }
  svg.line(frame.left, y.pixel(0), frame.right, y.pixel(0), "#444");
}

// White to dark red by the square root of the share of the largest value: small rates stay visible.
std::string heat_color(double value, double largest) {
  const double share = largest > 0 ? std::sqrt(value / largest) : 0;
  const auto channel = [share](double at_zero, double at_one) {
    return std::lround(at_zero + share * (at_one - at_zero));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", channel(255, 165), channel(250, 15), channel(240, 21));
}

// A bit of a tensor: what the images have in the mean, whose classes may be met unevenly.
struct MapCell {
  std::int64_t pairs = 0, sdc = 0;
  std::optional<double> rate;  // Empty: too few pairs, or a class without any.
};

MapCell map_cell(std::span<const store::OutcomeCounts> by_class,
                 std::span<const std::int64_t> class_sizes) {
  constexpr std::int64_t kEnoughPairs = 30;
  MapCell cell;
  double rates = 0, images = 0;
  bool is_known = true;
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    store::FaultRecord record;
    record.counts = by_class[c];
    const std::int64_t pairs =
        std::accumulate(by_class[c].begin(), by_class[c].end(), std::int64_t{0});
    const auto size = static_cast<double>(class_sizes[c]);
    is_known = is_known && pairs > 0;
    if (pairs > 0) rates += size * static_cast<double>(record.sdc()) / static_cast<double>(pairs);
    images += size;
    cell.pairs += pairs;
    cell.sdc += record.sdc();
  }
  if (is_known && cell.pairs >= kEnoughPairs) cell.rate = rates / images;
  return cell;
}

}  // namespace

std::string_view quantity_label(Quantity quantity) noexcept {
  switch (quantity) {
    case Quantity::kAccuracyDrop:
      return "accuracy drop (percentage points)";
    case Quantity::kSdcRate:
      return "SDC rate (% of faults, 95 % interval)";
    case Quantity::kVulnerability:
      return "fault vulnerability (percentage points, 95 % interval)";
    case Quantity::kCycles:
      return "cycles per image";
    case Quantity::kResources:
      return "FF + LUT";
    case Quantity::kUtilization:
      return "utilization (% of FF + LUT)";
  }
  return "";
}

std::string scatter_chart(const StudyTable& table, Quantity x_quantity, Quantity y_quantity) {
  Span x_span, y_span;
  for (const Row& row : table.rows) {
    const auto x = value_of(row, x_quantity);
    const auto y = value_of(row, y_quantity);
    if (!x || !y) continue;
    x_span.include(*x);
    y_span.include(*y);
    if (const auto interval = interval_of(row, y_quantity); interval && row.view.on_front) {
      y_span.include(interval->first);
      y_span.include(interval->second);
    }
  }
  constexpr Frame kFrame{.left = 80, .right = 560, .top = 20, .bottom = 360};
  Svg svg(700, 420,
          fmt::format("{} against {}", quantity_label(y_quantity), quantity_label(x_quantity)));
  const Axis x_axis(x_span.low, x_span.high, kFrame.left, kFrame.right);
  const Axis y_axis(y_span.low, y_span.high, kFrame.bottom, kFrame.top);
  draw_axes(svg, kFrame, x_axis, y_axis, quantity_label(x_quantity), quantity_label(y_quantity));
  const Colors colors = multiplier_colors(table);
  for (const bool front : {false, true}) {  // The Pareto set on top.
    for (const Row& row : table.rows) {
      const auto x = value_of(row, x_quantity);
      const auto y = value_of(row, y_quantity);
      if (row.view.on_front != front || !x || !y) continue;
      const std::string_view color = colors.at(row.point.multiplier);
      if (const auto interval = interval_of(row, y_quantity); interval && front) {
        svg.line(x_axis.pixel(*x), y_axis.pixel(interval->first), x_axis.pixel(*x),
                 y_axis.pixel(interval->second), color);
      }
      draw_point(svg, row, x_axis.pixel(*x), y_axis.pixel(*y), color);
    }
  }
  draw_legend(svg, colors, 585, 40);
  return svg.str();
}

std::string bar_chart(const StudyTable& table) {
  std::vector<const Row*> rows = table.front();
  constexpr std::size_t kMostBars = 40;  // More would be narrower than their labels.
  if (rows.size() > kMostBars) rows.resize(kMostBars);
  constexpr std::array kPanels = {Quantity::kAccuracyDrop, Quantity::kSdcRate,
                                  Quantity::kVulnerability, Quantity::kCycles,
                                  Quantity::kUtilization};
  constexpr double kPanelHeight = 110;
  const double right = 90 + std::max(500.0, 24.0 * static_cast<double>(rows.size()));
  const double bottom = 20 + kPanels.size() * (kPanelHeight + 30);
  Svg svg(static_cast<int>(right) + 20, static_cast<int>(bottom) + 130, "The Pareto set as bars");
  const Colors colors = multiplier_colors(table);
  double top = 26;
  for (const Quantity quantity : kPanels) {
    if (rows.empty()) break;
    draw_bar_panel(svg, {.left = 90, .right = right, .top = top, .bottom = top + kPanelHeight},
                   rows, quantity, colors);
    top += kPanelHeight + 30;
  }
  const double slot = rows.empty() ? 0 : (right - 90) / static_cast<double>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    svg.text(90 + slot * (static_cast<double>(i) + 0.6), bottom, rows[i]->label, Anchor::kEnd, 10,
             -60);
  }
  return svg.str();
}

std::string vulnerability_map(const StudyTable& table, const Row& row) {
  constexpr double kLeft = 190, kTop = 40, kCellWidth = 66, kCellHeight = 26;
  const std::size_t num_tensors = table.info.tensors.size();
  Svg svg(static_cast<int>(kLeft + 8 * kCellWidth) + 20,
          static_cast<int>(kTop + kCellHeight * static_cast<double>(num_tensors)) + 30,
          "SDC rate by layer and bit of " + row.label);
  const std::vector<std::int64_t> class_sizes = store::image_class_sizes(table.info);
  if (!row.point.faults ||
      row.point.faults->by_tensor_bit.size() != num_tensors * 8 * class_sizes.size()) {
    svg.text(10, 20, "not injected");
    return svg.str();
  }
  const auto cell_of = [&](std::size_t tensor, std::size_t bit) {
    return map_cell(std::span(row.point.faults->by_tensor_bit)
                        .subspan((tensor * 8 + bit) * class_sizes.size(), class_sizes.size()),
                    class_sizes);
  };
  double largest = 0;
  for (std::size_t t = 0; t < num_tensors; ++t) {
    for (std::size_t bit = 0; bit < 8; ++bit)
      largest = std::max(largest, cell_of(t, bit).rate.value_or(0));
  }
  for (std::size_t bit = 0; bit < 8; ++bit) {
    svg.text(kLeft + (static_cast<double>(7 - bit) + 0.5) * kCellWidth, kTop - 10,
             fmt::format("bit {}", bit), Anchor::kMiddle);
  }
  for (std::size_t t = 0; t < num_tensors; ++t) {
    const double y = kTop + static_cast<double>(t) * kCellHeight;
    svg.text(kLeft - 10, y + 17, table.info.tensors[t].name, Anchor::kEnd);
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const double x = kLeft + static_cast<double>(7 - bit) * kCellWidth;
      const MapCell cell = cell_of(t, bit);
      const std::optional<double> rate = cell.rate;
      svg.rect(x, y, kCellWidth - 1, kCellHeight - 1, rate ? heat_color(*rate, largest) : "#eeeeee",
               fmt::format("{} bit {}: {} SDC of {} pairs{}", table.info.tensors[t].name, bit,
                           cell.sdc, cell.pairs,
                           class_sizes.size() > 1 ? ", more of images with small margins" : ""));
      svg.text(x + kCellWidth / 2, y + 17, rate ? fmt::format("{:.3f} %", 100 * *rate) : "n/a",
               Anchor::kMiddle, 10, 0, rate && *rate > largest / 4 ? "#fff" : "#222");
    }
  }
  return svg.str();
}

}  // namespace deepaxe::report
