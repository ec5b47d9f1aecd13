#include "deepaxe/explore/explorer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <unordered_map>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/explore/accuracy.h"
#include "deepaxe/explore/study_records.h"

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

class Explorer {
 public:
  Explorer(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
           std::span<const int> labels, const ExploreParams& params)
      : engine_(engine),
        images_(images),
        labels_(labels),
        params_(params),
        space_(make_design_space(engine.model(), params.space)),
        hardware_(resolve_hardware(engine.model(), space_, params.hardware)),
        study_(store::Study::open_or_create(params.study,
                                            make_info(engine, images, labels, params, hardware_))) {
    for (const Design& design : space_.designs) {
      keys_.push_back(point_key(study_.info(), space_.assignment(design)));
    }
    stats_.listed = space_.num_listed;
    stats_.designs = space_.designs.size();
    stats_.notes = space_.notes;
    if (hardware_.cycle_model != params.hardware.cycle_model) {
      stats_.notes.emplace_back(
          "the paper's latency law is not defined for this network with these multipliers: cycles "
          "are those of the engine");
    }
  }

  ExploreStats run() {
    load();
    update_known();
    evaluate_missing();
    if (params_.inject) inject_passing();
    update_view();
    for (const std::string& key : keys_) {
      stats_.gated += points_.at(key).status == PointStatus::kGated;
    }
    return stats_;
  }

 private:
  void load() {
    for (PointRecord& point : study_.points()) points_.emplace(point.key, std::move(point));
  }

  // Points of earlier calls: new aliases, and the gates of this call.
  void update_known() {
    if (points_.empty()) return;
    std::unordered_map<std::string, const Design*> designs;
    for (std::size_t i = 0; i < keys_.size(); ++i) designs[keys_[i]] = &space_.designs[i];
    std::vector<PointRecord> changed;
    const std::int64_t exact = exact_correct();
    for (auto& [key, point] : points_) {
      const PointRecord before = point;
      const auto design = designs.find(key);
      if (design != designs.end()) add_aliases(point, *design->second);
      apply_gates(point, params_.gates, exact);
      if (point != before) changed.push_back(point);
    }
    if (!changed.empty()) commit(changed);
  }

  std::int64_t exact_correct() const { return points_.at(study_.info().exact_key).correct; }

  // In depth-first order, so that exact is first of all, and in chunks of a few seconds.
  void evaluate_missing() {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::size_t> missing;
    for (const std::size_t i : depth_first_order(space_.designs)) {
      if (!points_.contains(keys_[i])) missing.push_back(i);
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
    std::vector<PointRecord> points;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      PointRecord point =
          make_point(engine_.model(), study_.info(), space_, space_.designs[chunk[i]], hardware_);
      point.correct = counted.correct[i];
      point.images = static_cast<std::int64_t>(labels_.size());
      points_[point.key] = point;
      points.push_back(std::move(point));
    }
    const std::int64_t exact = exact_correct();
    for (PointRecord& point : points) {
      apply_gates(point, params_.gates, exact);
      points_[point.key] = point;
    }
    stats_.evaluated += points.size();
    commit(points);
  }

  void inject_passing() {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (points_.at(keys_[i]).status == PointStatus::kEvaluated) waiting.push_back(i);
    }
    fault::CampaignParams campaign = params_.campaign;
    campaign.num_threads = params_.num_threads;
    campaign.progress = nullptr;
    // What every campaign would find by itself.
    if (campaign.sampling == fault::Sampling::kStratified && !waiting.empty()) {
      campaign.shares = fault::pilot_shares(engine_, images_, labels_, campaign);
    }
    const std::int64_t exact = exact_correct();
    for (const std::size_t i : waiting) {
      base::check_interrupt();
      const fault::CampaignResult result = fault::run_campaign(
          engine_, space_.assignment(space_.designs[i]), images_, labels_, campaign);
      PointRecord& point = points_.at(keys_[i]);
      point.faults = make_fault_record(result);
      apply_gates(point, params_.gates, exact);
      commit(std::span(&point, 1));
      ++stats_.injected;
      stats_.pairs += static_cast<std::uint64_t>(point.faults->pairs);
      if (params_.progress) params_.progress(Stage::kFaults, 1, waiting.size());
    }
    stats_.fault_seconds = seconds_since(start);
  }

  void update_view() {
    std::vector<Objective> objectives =
        params_.objectives.empty() ? default_objectives() : params_.objectives;
    const std::vector<PointRecord> points = study_.points();
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
  hw::cost::HardwareParams hardware_;
  store::Study study_;
  std::vector<std::string> keys_;                        // [design]
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
