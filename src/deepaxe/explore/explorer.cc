#include "deepaxe/explore/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/explore/accuracy.h"
#include "deepaxe/explore/physical_costs.h"
#include "deepaxe/explore/study_records.h"
#include "deepaxe/hw/cost/estimator.h"

namespace deepaxe::explore {
namespace {

using store::PointRecord;
using store::PointStatus;

constexpr std::size_t kFirstChunk = 16;  // Designs, before their time is known.
constexpr std::size_t kChunkGrowth = 4;  // At most, from one chunk to the next.

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void add_aliases(PointRecord& point, const Design& design) {
  std::vector<std::string> all;
  std::set_union(point.aliases.begin(), point.aliases.end(), design.aliases.begin(),
                 design.aliases.end(), std::back_inserter(all));
  point.aliases = std::move(all);
}

// Those that can be had without faults.
std::vector<Objective> exact_objectives(std::vector<Objective> objectives) {
  std::erase_if(objectives, is_sampled);
  if (!objectives.empty()) return objectives;
  return {Objective::kAccuracyDrop, Objective::kCycles, Objective::kResources};
}

// Looked at before anything is made of every hardware.
DesignSpace space_within_bounds(const model::Int8Model& model, const ExploreParams& params) {
  DesignSpace space = make_design_space(model, params.space);
  if (space.designs.size() * params.hardware.size() > DesignSpace::kMaxDesigns) {
    throw base::InputError(
        {"design space", "",
         fmt::format("{} designs x {} of hardware", space.designs.size(), params.hardware.size()),
         fmt::format("at most {} in all", DesignSpace::kMaxDesigns)});
  }
  return space;
}

class Explorer {
 public:
  Explorer(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
           std::span<const int> labels, const ExploreParams& params)
      : engine_(engine),
        images_(images),
        labels_(labels),
        params_(params),
        space_(space_within_bounds(engine.model(), params)),
        estimators_(make_estimators(engine.model(),
                                    resolve_hardware(engine.model(), space_, params.hardware),
                                    params.resources)),
        physical_(engine, images, estimators_),
        study_(store::Study::open_or_create(
            params.study, make_info(engine, images, labels, params, estimators_))) {
    for (const Design& design : space_.designs) {
      const engine::Assignment assignment = space_.assignment(design);
      measurements_.push_back(measurement_key(study_.info(), assignment));
      for (const auto& estimator : estimators_) {
        const hw::cost::HardwareParams& hardware = estimator->params();
        keys_.push_back(point_key(measurements_.back(),
                                  hardware_of(hardware, assignment.multipliers.size()),
                                  baseline_of(assignment, hardware.baseline)));
      }
    }
    stats_.listed = space_.num_listed;
    stats_.designs = space_.designs.size();
    stats_.points = std::set<std::string>(keys_.begin(), keys_.end()).size();
    stats_.notes = space_.notes;
    note_cycle_model();
  }

  ExploreStats run() {
    if (params_.on_open) params_.on_open();
    load();
    update_known();
    evaluate_missing();
    add_missing_points();
    if (params_.inject) inject_passing();
    update_view();
    for (const std::string& key : std::set<std::string>(keys_.begin(), keys_.end())) {
      stats_.gated += points_.at(key).status == PointStatus::kGated;
    }
    return stats_;
  }

 private:
  void note_cycle_model() {
    const hw::cost::CycleModel used = estimators_.front()->params().cycle_model;
    if (used == params_.hardware.front().cycle_model) return;
    stats_.notes.push_back(
        "the paper's latency law is not defined for this network with these multipliers, schedules "
        "and outputs in parallel: cycles are " +
        std::string(used == hw::cost::CycleModel::kInterval ? "those from image to image"
                                                            : "those of the engine"));
  }

  // What was measured of a design, whatever its hardware.
  struct Measured {
    std::int64_t correct = 0;
    std::optional<store::FaultRecord> faults = {};
    std::vector<std::string> keys = {};  // Of its points, of earlier calls too.
  };

  void remember(const PointRecord& point) {
    Measured& measured = measured_[point.measurement];
    measured.correct = point.correct;
    if (point.faults) measured.faults = point.faults;
    if (points_.insert_or_assign(point.key, point).second) measured.keys.push_back(point.key);
  }

  void load() {
    for (const PointRecord& point : study_.points()) remember(point);
  }

  const std::string& key_of(std::size_t design, std::size_t variant) const {
    return keys_[design * estimators_.size() + variant];
  }

  // Points of earlier calls: new aliases, and the gates of this call.
  void update_known() {
    if (points_.empty()) return;
    std::unordered_map<std::string, const Design*> designs;
    for (std::size_t i = 0; i < measurements_.size(); ++i) {
      designs[measurements_[i]] = &space_.designs[i];
    }
    std::vector<PointRecord> changed;
    const std::int64_t exact = exact_correct();
    for (auto& [key, point] : points_) {
      const PointRecord before = point;
      const auto design = designs.find(point.measurement);
      if (design != designs.end()) add_aliases(point, *design->second);
      apply_gates(point, params_.gates, exact);
      if (point != before) changed.push_back(point);
    }
    if (!changed.empty()) commit(changed);
  }

  std::int64_t exact_correct() const { return measured_.at(study_.info().exact_key).correct; }

  // The points of a measured design that the study does not have yet.
  void append_missing_points(std::size_t design, std::vector<PointRecord>& added) {
    const Measured& measured = measured_.at(measurements_[design]);
    std::set<std::string> seen;  // Variants may be the same hardware for this design.
    for (std::size_t v = 0; v < estimators_.size(); ++v) {
      const std::string& key = key_of(design, v);
      if (points_.contains(key) || !seen.insert(key).second) continue;
      PointRecord point = make_point(engine_.model(), study_.info(), space_, space_.designs[design],
                                     *estimators_[v]);
      physical_.fill(point.cost, v, pointers(space_.assignment(space_.designs[design])));
      point.correct = measured.correct;
      point.images = static_cast<std::int64_t>(labels_.size());
      point.faults = measured.faults;
      added.push_back(std::move(point));
    }
  }

  void commit_added(std::vector<PointRecord>& added) {
    if (added.empty()) return;
    const std::int64_t exact = exact_correct();
    for (PointRecord& point : added) {
      apply_gates(point, params_.gates, exact);
      remember(point);
    }
    commit(added);
    added.clear();
  }

  // Of designs that an earlier call measured on other hardware.
  void add_missing_points() {
    std::vector<PointRecord> added;
    for (std::size_t i = 0; i < space_.designs.size(); ++i) {
      append_missing_points(i, added);
      if (added.size() >= std::max<std::size_t>(params_.max_designs_per_commit, 1)) {
        commit_added(added);
      }
    }
    commit_added(added);
  }

  // In depth-first order, so that exact is first of all, and in chunks of a few seconds.
  void evaluate_missing() {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::size_t> missing;
    for (const std::size_t i : depth_first_order(space_.designs)) {
      if (!measured_.contains(measurements_[i])) missing.push_back(i);
    }
    AccuracyParams accuracy;
    accuracy.num_threads = params_.num_threads;
    if (params_.progress) {
      const std::uint64_t total = missing.size() * labels_.size();
      accuracy.progress = [this, total](std::uint64_t count) {
        params_.progress(Stage::kAccuracy, count, total);
      };
    }
    std::size_t chunk = kFirstChunk;
    for (std::size_t first = 0; first < missing.size();) {
      const auto chunk_start = std::chrono::steady_clock::now();
      chunk = std::min({chunk, std::max<std::size_t>(params_.max_designs_per_commit, 1),
                        missing.size() - first});
      evaluate_chunk(std::span(missing).subspan(first, chunk), accuracy);
      first += chunk;
      const double seconds = std::max(seconds_since(chunk_start), 1e-3);
      const double share = std::min(params_.commit_seconds / seconds, double{kChunkGrowth});
      chunk =
          std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(chunk) * share));
    }
    stats_.accuracy_seconds = seconds_since(start);
  }

  void evaluate_chunk(std::span<const std::size_t> chunk, const AccuracyParams& accuracy) {
    const AccuracyStats counted = count_correct(engine_, space_, chunk, images_, labels_, accuracy);
    std::vector<PointRecord> added;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      measured_[measurements_[chunk[i]]].correct = counted.correct[i];
      append_missing_points(chunk[i], added);
    }
    stats_.evaluated += chunk.size();
    commit_added(added);
  }

  // A design is injected if one of its points passes all gates.
  bool waits_for_faults(std::size_t design) const {
    for (std::size_t v = 0; v < estimators_.size(); ++v) {
      if (points_.at(key_of(design, v)).status == PointStatus::kEvaluated) return true;
    }
    return false;
  }

  void share_faults(Measured& measured, const store::FaultRecord& faults) {
    measured.faults = faults;
    const std::int64_t exact = exact_correct();
    std::vector<PointRecord> changed;
    for (const std::string& key : measured.keys) {
      PointRecord& point = points_.at(key);
      point.faults = faults;
      apply_gates(point, params_.gates, exact);
      changed.push_back(point);
    }
    commit(changed);
  }

  void inject_passing() {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < space_.designs.size(); ++i) {
      if (waits_for_faults(i)) waiting.push_back(i);
    }
    fault::CampaignParams campaign = params_.campaign;
    campaign.num_threads = params_.num_threads;
    campaign.progress = nullptr;
    // What every campaign would find by itself.
    if (campaign.sampling == fault::Sampling::kStratified && !waiting.empty()) {
      campaign.allocation = fault::pilot_allocation(engine_, images_, labels_, campaign);
    }
    for (const std::size_t i : waiting) {
      base::check_interrupt();
      const fault::CampaignResult result = fault::run_campaign(
          engine_, space_.assignment(space_.designs[i]), images_, labels_, campaign);
      const store::FaultRecord faults = make_fault_record(result);
      share_faults(measured_.at(measurements_[i]), faults);
      ++stats_.injected;
      stats_.pairs += static_cast<std::uint64_t>(faults.pairs);
      if (params_.progress) params_.progress(Stage::kFaults, 1, waiting.size());
    }
    stats_.fault_seconds = seconds_since(start);
  }

  void update_view() {
    const std::vector<PointRecord> points = study_.points();
    std::vector<Objective> objectives =
        params_.objectives.empty() ? default_objectives(points) : params_.objectives;
    const bool any_faults = std::any_of(points.begin(), points.end(),
                                        [](const PointRecord& p) { return p.faults.has_value(); });
    if (!params_.inject || !any_faults) objectives = exact_objectives(std::move(objectives));
    const store::View view = compute_view(study_.info(), points, objectives);
    stats_.on_front = static_cast<std::uint64_t>(
        std::count_if(view.points.begin(), view.points.end(),
                      [](const store::ViewPoint& point) { return point.on_front; }));
    study_.set_view(view);
    committed();
  }

  void commit(std::span<const PointRecord> points) {
    study_.put(points);
    committed();
  }

  void committed() {
    if (params_.on_commit) params_.on_commit();
    base::check_interrupt();
  }

  const engine::Int8Engine& engine_;
  std::span<const std::int8_t> images_;
  std::span<const int> labels_;
  const ExploreParams& params_;
  DesignSpace space_;
  Estimators estimators_;  // [hardware]
  PhysicalCosts physical_;
  store::Study study_;
  std::vector<std::string> measurements_;                // [design]
  std::vector<std::string> keys_;                        // [design][hardware], not distinct.
  std::unordered_map<std::string, Measured> measured_;   // By measurement.
  std::unordered_map<std::string, PointRecord> points_;  // By key: what the study holds.
  ExploreStats stats_;
};

}  // namespace

ExploreStats explore(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                     std::span<const int> labels, const ExploreParams& params) {
  if (labels.empty() || images.size() != labels.size() * engine.node_size(0)) {
    throw std::invalid_argument("explore: images and labels disagree in number, or there are none");
  }
  return Explorer(engine, images, labels, params).run();
}

}  // namespace deepaxe::explore
