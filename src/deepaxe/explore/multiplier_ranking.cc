#include "deepaxe/explore/multiplier_ranking.h"

#include <array>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "deepaxe/arith/user_library.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/pareto/front.h"

namespace deepaxe::explore {
namespace {

double error_of(const arith::ErrorStats& stats, ErrorMeasure measure) {
  switch (measure) {
    case ErrorMeasure::kMae:
      return stats.mean_absolute_lsb;
    case ErrorMeasure::kWce:
      return stats.worst_case_lsb;
    case ErrorMeasure::kMre:
      return stats.mean_relative;
    case ErrorMeasure::kEp:
      break;
  }
  return stats.probability;
}

std::optional<double> cost_of(const RankedMultiplier& ranked, CostMeasure measure) {
  if (measure == CostMeasure::kLut) return ranked.luts;
  const std::optional<arith::PublishedFigures>& published = ranked.multiplier->published;
  if (!published) return std::nullopt;
  switch (measure) {
    case CostMeasure::kPower:
      return published->power_mw;
    case CostMeasure::kArea:
      return published->area_um2;
    default:
      return published->delay_ns;
  }
}

// A multiplier whose cost is known.
struct Point {
  std::array<double, 2> error_and_cost;
  RankedMultiplier* ranked;

  bool dominates(const Point& other) const {
    return pareto::dominates(error_and_cost, other.error_and_cost);
  }
};

void compare(std::vector<RankedMultiplier>& ranked) {
  std::vector<Point> points;
  for (RankedMultiplier& one : ranked) {
    if (one.cost) points.push_back({.error_and_cost = {one.error, *one.cost}, .ranked = &one});
  }
  const auto front = pareto::undominated(
      points.size(), [&](std::size_t a, std::size_t b) { return points[a].dominates(points[b]); });
  for (const std::size_t i : front) points[i].ranked->on_front = true;
  for (const Point& point : points) {
    double cheapest = std::numeric_limits<double>::infinity();
    for (const std::size_t i : front) {
      const double cost = points[i].error_and_cost[1];
      if (!points[i].dominates(point) || cost >= cheapest) continue;
      cheapest = cost;
      point.ranked->dominated_by = points[i].ranked->multiplier->name;
    }
  }
}

std::size_t num_gates(const arith::NamedMultiplier& named) {
  return named.netlist ? named.netlist->gates.size() : 0;
}

}  // namespace

double native_multiplier_luts() {
  return hw::cost::multiplier_luts(*arith::exact_multiplier(), hw::cost::Baseline::kNative).luts();
}

std::vector<RankedMultiplier> rank_multipliers(std::span<const arith::MultiplierPtr> multipliers,
                                               ErrorMeasure error, CostMeasure cost) {
  std::vector<RankedMultiplier> ranked;
  for (const arith::MultiplierPtr& multiplier : multipliers) {
    base::check_interrupt();
    RankedMultiplier one;
    one.multiplier = multiplier;
    one.stats = arith::error_stats(multiplier->multiplier);
    if (multiplier->netlist || multiplier->given_luts) {
      one.luts = hw::cost::gate_level_luts(*multiplier).luts();
    }
    one.error = error_of(one.stats, error);
    one.cost = cost_of(one, cost);
    one.exceeds_native = one.luts > native_multiplier_luts();
    ranked.push_back(std::move(one));
  }
  compare(ranked);
  return ranked;
}

std::vector<arith::MultiplierPtr> listed_multipliers(bool families) {
  std::vector<arith::MultiplierPtr> listed;
  std::set<std::pair<std::string, std::size_t>> circuits;
  const auto list = [&](std::string_view name, bool only_if_new) {
    base::check_interrupt();
    arith::MultiplierPtr one = arith::find_multiplier(name);
    const bool is_new = circuits.emplace(one->multiplier.identity(), num_gates(*one)).second;
    if (is_new || !only_if_new) listed.push_back(std::move(one));
  };
  for (const arith::LibraryEntry& entry : arith::library()) list(entry.name, false);
  for (const std::string& name : arith::user_library_names()) list(name, false);
  if (!families) return listed;
  for (const arith::FamilyInfo& info : arith::families()) {
    for (const arith::Family& family : arith::all_members(info)) {
      list(arith::to_string(family), true);
    }
  }
  return listed;
}

}  // namespace deepaxe::explore
