#include "deepaxe/explore/pareto_view.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/pareto/front.h"

namespace deepaxe::explore {
namespace {

using store::FaultRecord;
using store::PointRecord;

constexpr std::array<const char*, 8> kObjectiveNames = {
    "accuracy_drop", "sdc", "vulnerability", "cycles", "resources", "dsp", "bram", "energy"};

// How two campaigns of a study can be compared.
enum class Comparison { kPaired, kPairedByStratum, kDisjointIntervals, kExact };

Comparison comparison_of(const store::StudyInfo& info) {
  const auto options = nlohmann::json::parse(info.options, nullptr, false);
  const std::string sampling = options.is_object() ? options.value("sampling", "") : "";
  if (sampling == "uniform_pairs") return Comparison::kPaired;
  if (sampling == "stratified") return Comparison::kPairedByStratum;
  return sampling == "census" ? Comparison::kExact : Comparison::kDisjointIntervals;
}

constexpr std::size_t kBits = 8;

// By (tensor, bit, class of images), what is the same for all campaigns of the study.
std::vector<fault::CommonStratum> strata_of(const store::StudyInfo& info) {
  double elements = 0;
  for (const store::TensorInfo& tensor : info.tensors)
    elements += static_cast<double>(tensor.elements);
  const double all_pairs = elements * kBits * static_cast<double>(info.num_images);
  const std::vector<std::int64_t> class_sizes = store::image_class_sizes(info);
  std::vector<fault::CommonStratum> strata;
  for (const store::TensorInfo& tensor : info.tensors) {
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      for (const std::int64_t num_images : class_sizes) {
        const auto pairs = static_cast<double>(tensor.elements * num_images);
        strata.push_back({.weight = pairs / all_pairs, .population = pairs});
      }
    }
  }
  return strata;
}

// A point that is compared on a sampled axis has a campaign.
const FaultRecord& faults_of(const PointRecord& point) {
  DEEPAXE_ASSERT(point.faults.has_value());
  return *point.faults;
}

std::uint64_t sum(const store::OutcomeCounts& counts) {
  return static_cast<std::uint64_t>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
}

std::vector<fault::ClassChange> fault_changes(const FaultRecord& record) {
  std::vector<fault::ClassChange> changes;
  changes.reserve(record.changes.size());
  for (const store::ClassChange& change : record.changes) {
    changes.push_back({change.pair, static_cast<fault::Outcome>(change.outcome)});
  }
  return changes;
}

// -1: the left one is smaller, hence better; 0: they tie.
int sign(double left, double right) { return left < right ? -1 : left > right ? 1 : 0; }

int sign(const fault::Interval& difference) {
  return difference.high < 0 ? -1 : difference.low > 0 ? 1 : 0;
}

// Compares points by position in the list given to it.
class PointComparer {
 public:
  PointComparer(std::vector<const PointRecord*> points, const std::vector<Objective>& objectives,
                const store::StudyInfo& info)
      : points_(std::move(points)), comparison_(comparison_of(info)), strata_(strata_of(info)) {
    for (const Objective objective : objectives) {
      (is_sampled(objective) ? sampled_ : exact_).push_back(objective);
    }
    std::unordered_map<std::string, std::size_t> measurement_of_key;
    for (const PointRecord* point : points_) {
      for (const Objective objective : exact_) values_.push_back(exact_value(*point, objective));
      const std::size_t next = measurement_of_key.size();
      const auto [entry, is_new] = measurement_of_key.try_emplace(point->measurement, next);
      measurements_.push_back(entry->second);
      if (!is_new) continue;
      measured_.push_back(point);
      if (!sampled_.empty()) changes_.push_back(fault_changes(faults_of(*point)));
    }
  }

  bool any_sampled() const noexcept { return !sampled_.empty(); }
  std::size_t num_exact() const noexcept { return exact_.size(); }
  std::span<const double> exact_values() const noexcept { return values_; }

  bool dominates(std::size_t a, std::size_t b) {
    const std::span<const double> row_a = row(a), row_b = row(b);
    bool better = false;
    for (std::size_t k = 0; k < exact_.size(); ++k) {
      if (row_a[k] > row_b[k]) return false;
      better = better || row_a[k] < row_b[k];
    }
    for (std::size_t k = 0; k < sampled_.size(); ++k) {
      const int order = compare_sampled(a, b, k);
      if (order > 0) return false;
      better = better || order < 0;
    }
    return better;
  }

  // Points of one measurement are equal on the sampled axes, and stay so with more pairs.
  bool ties_somewhere(std::size_t a, std::size_t b) {
    if (measurements_[a] == measurements_[b]) return false;
    for (std::size_t k = 0; k < sampled_.size(); ++k) {
      if (compare_sampled(a, b, k) == 0) return true;
    }
    return false;
  }

 private:
  static double exact_value(const PointRecord& point, Objective objective) {
    switch (objective) {
      case Objective::kCycles:
        return static_cast<double>(point.cost.cycles);
      case Objective::kResources:
        return point.cost.resources();
      case Objective::kDsp:
        return point.cost.dsp;
      case Objective::kBram:
        return point.cost.bram;
      case Objective::kEnergy:
        return point.cost.energy_nj.value_or(std::numeric_limits<double>::infinity());
      default:  // The drop is the exact design's count minus this one's.
        return -static_cast<double>(point.correct);
    }
  }

  std::span<const double> row(std::size_t point) const {
    return std::span(values_).subspan(point * exact_.size(), exact_.size());
  }

  // Sign of a - b on sampled axis k.
  int compare_sampled(std::size_t a, std::size_t b, std::size_t k) {
    return compare_measured(measurements_[a], measurements_[b], k);
  }

  // Of two measurements. Remembered: every pair is asked for several times.
  int compare_measured(std::size_t a, std::size_t b, std::size_t k) {
    if (a == b) return 0;
    if (a > b) return -compare_measured(b, a, k);
    const std::uint64_t key = (a * measured_.size() + b) * sampled_.size() + k;
    const auto [entry, is_new] = signs_.try_emplace(key, 0);
    if (is_new) entry->second = compute_sign(a, b, sampled_[k]);
    return entry->second;
  }

  int compute_sign(std::size_t a, std::size_t b, Objective objective) const {
    const FaultRecord& left = faults_of(*measured_[a]);
    const FaultRecord& right = faults_of(*measured_[b]);
    const bool sdc = objective == Objective::kSdc;
    switch (comparison_) {
      case Comparison::kExact:
        return sdc ? sign(left.sdc_rate, right.sdc_rate)
                   : sign(left.vulnerability, right.vulnerability);
      case Comparison::kDisjointIntervals:
        return sdc ? sign({left.sdc_low - right.sdc_high, left.sdc_high - right.sdc_low})
                   : sign({left.vulnerability_low - right.vulnerability_high,
                           left.vulnerability_high - right.vulnerability_low});
      case Comparison::kPaired:
      case Comparison::kPairedByStratum:
        break;
    }
    const fault::PairedDifference difference = paired_difference(a, b);
    return sign(sdc ? difference.sdc_interval : difference.vulnerability_interval);
  }

  fault::PairedDifference paired_difference(std::size_t a, std::size_t b) const {
    const FaultRecord& left = faults_of(*measured_[a]);
    const FaultRecord& right = faults_of(*measured_[b]);
    if (comparison_ == Comparison::kPaired) {
      return fault::paired_difference(changes_[a], static_cast<std::uint64_t>(left.pairs),
                                      changes_[b], static_cast<std::uint64_t>(right.pairs));
    }
    std::vector<fault::CommonStratum> strata = strata_;
    for (std::size_t h = 0; h < strata.size(); ++h) {
      strata[h].drawn_a = sum(left.by_tensor_bit.at(h));
      strata[h].drawn_b = sum(right.by_tensor_bit.at(h));
    }
    return fault::paired_difference(changes_[a], changes_[b], strata);
  }

  std::vector<const PointRecord*> points_;
  Comparison comparison_;
  std::vector<fault::CommonStratum> strata_;
  std::vector<Objective> exact_, sampled_;
  std::vector<double> values_;                            // [point][exact objective]
  std::vector<std::size_t> measurements_;                 // [point]: points share faults.
  std::vector<const PointRecord*> measured_;              // [measurement]: one of its points.
  std::vector<std::vector<fault::ClassChange>> changes_;  // [measurement], if an axis is sampled.
  std::unordered_map<std::uint64_t, int> signs_;
};

std::vector<Objective> without_repetition(const std::vector<Objective>& objectives) {
  std::vector<Objective> unique;
  for (const Objective o : objectives) {
    if (std::find(unique.begin(), unique.end(), o) == unique.end()) unique.push_back(o);
  }
  return unique;
}

// An exact front of 65,536 points takes O(n log^k n); with sampled axes all pairs are compared.
std::vector<std::size_t> front_of(PointComparer& comparer, std::size_t num_points) {
  if (!comparer.any_sampled()) {
    return pareto::pareto_front(comparer.exact_values(), comparer.num_exact());
  }
  return pareto::undominated(
      num_points, [&](std::size_t a, std::size_t b) { return comparer.dominates(a, b); });
}

// A point that dominates `point`: one of the front if there is one, else (the sampled relation is
// not transitive) any.
std::size_t find_dominating(PointComparer& comparer, std::span<const std::size_t> front,
                            std::size_t point, std::size_t num_points) {
  for (const std::size_t f : front) {
    if (comparer.dominates(f, point)) return f;
  }
  std::size_t other = 0;
  while (other < num_points && (other == point || !comparer.dominates(other, point))) ++other;
  DEEPAXE_ASSERT(other < num_points);
  return other;
}

// Who is on the front, who ties with whom there, and who dominates the others.
void fill_points(store::View& view, std::span<const PointRecord* const> compared,
                 PointComparer& comparer) {
  const std::vector<std::size_t> front = front_of(comparer, compared.size());
  for (const PointRecord* point : compared) view.points.emplace_back().key = point->key;
  for (const std::size_t f : front) view.points[f].on_front = true;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    store::ViewPoint& point = view.points[i];
    if (!point.on_front) {
      const std::size_t by = find_dominating(comparer, front, i, compared.size());
      point.dominated_by = compared[by]->key;
    }
    for (const std::size_t f : front) {
      if (f != i && comparer.ties_somewhere(f, i)) point.tied_with.push_back(compared[f]->key);
    }
  }
}

}  // namespace

const char* objective_name(Objective objective) noexcept {
  return kObjectiveNames[static_cast<std::size_t>(objective)];
}

Objective parse_objective(std::string_view name) {
  for (std::size_t i = 0; i < kObjectiveNames.size(); ++i) {
    if (name == kObjectiveNames[i]) return static_cast<Objective>(i);
  }
  const std::vector<std::string> known(kObjectiveNames.begin(), kObjectiveNames.end());
  throw base::InputError(
      {"objective", "", "'" + std::string(name) + "'", "one of " + base::join(known, ", ")});
}

std::vector<Objective> default_objectives(std::span<const PointRecord> points) {
  std::vector<Objective> objectives = {Objective::kAccuracyDrop, Objective::kSdc,
                                       Objective::kCycles, Objective::kResources};
  const auto differs = [&](auto field) {
    return std::ranges::any_of(
        points, [&](const PointRecord& point) { return field(point) != field(points.front()); });
  };
  std::set<std::string_view> baselines;
  for (const PointRecord& point : points) baselines.insert(point.cost.baseline);
  baselines.erase(store::kNoBaseline);
  if (baselines.size() > 1) {
    objectives.push_back(Objective::kDsp);
  }
  // Queues of a pipeline and weights in ROMs are in block RAM, too.
  if (differs([](const PointRecord& point) {
        return std::tie(point.hardware.memory, point.hardware.schedule,
                        point.hardware.weight_memory);
      })) {
    objectives.push_back(Objective::kBram);
  }
  return objectives;
}

bool is_sampled(Objective objective) noexcept {
  return objective == Objective::kSdc || objective == Objective::kVulnerability;
}

store::View compute_view(const store::StudyInfo& info, std::span<const PointRecord> points,
                         const std::vector<Objective>& objectives) {
  const std::vector<Objective> chosen =
      without_repetition(objectives.empty() ? default_objectives(points) : objectives);
  const bool sampled = std::any_of(chosen.begin(), chosen.end(), is_sampled);
  const auto has_faults = [](const PointRecord& point) { return point.faults.has_value(); };
  if (sampled && std::none_of(points.begin(), points.end(), has_faults)) {
    throw base::InputError({"objectives", "sdc, vulnerability", "a study without faults",
                            "accuracy_drop, cycles or resources"});
  }
  std::vector<const PointRecord*> compared;
  for (const PointRecord& point : points) {
    if (point.status == store::PointStatus::kGated || (sampled && !point.faults)) continue;
    compared.push_back(&point);
  }
  store::View view;
  for (const Objective o : chosen) view.objectives.emplace_back(objective_name(o));
  if (compared.empty()) return view;
  PointComparer comparer(compared, chosen, info);
  fill_points(view, compared, comparer);
  return view;
}

}  // namespace deepaxe::explore
