#include "deepaxe/fault/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/fault/pair_runner.h"
#include "deepaxe/fault/plan.h"
#include "deepaxe/fault/sampling.h"

namespace deepaxe::fault {
namespace {

// Sweeps over the images before the first look; their golden run costs as much as some 50 faults.
constexpr std::uint64_t kFirstSweeps = 8;
// A look aims at the end by what has been seen, a little beyond; few changes seen so far may
// mislead it, hence the bounds. Every look costs a golden run of every image.
constexpr double kBeyond = 1.05, kLeastGrowth = 1.25, kMostGrowth = 16;

struct Rates {
  double sdc = 0;
  double vulnerability = 0;
};

Rates rates_of(const OutcomeCounts& counts) {
  const auto pairs = static_cast<double>(std::max<std::int64_t>(counts.pairs(), 1));
  return {static_cast<double>(counts.sdc()) / pairs,
          static_cast<double>(counts[Outcome::kHarmful] - counts[Outcome::kBeneficial]) / pairs};
}

void fill_pair_intervals(CampaignResult& result) {
  const OutcomeCounts& counts = result.total;
  result.sdc_interval = clopper_pearson(counts.sdc(), counts.pairs());
  result.vulnerability_interval =
      difference_interval(counts[Outcome::kHarmful], counts[Outcome::kBeneficial], counts.pairs());
}

// Why the sampling of pairs may end, judged on counts alone; empty: it may not.
std::string precision_reached(const CampaignResult& result, const CampaignParams& params) {
  const Rates rates = rates_of(result.total);
  if (params.target_sdc_relative > 0 && rates.sdc > 0 &&
      result.sdc_interval.half_width() <= params.target_sdc_relative * rates.sdc) {
    return fmt::format("SDC rate known to +-{:g} % of itself", params.target_sdc_relative * 100);
  }
  if (params.target_vulnerability > 0 &&
      result.vulnerability_interval.half_width() <= params.target_vulnerability) {
    return fmt::format("vulnerability known to +-{:g} points", params.target_vulnerability * 100);
  }
  return "";
}

// How many times the pairs so far the nearer target needs: half widths fall as the square root.
double growth_needed(const CampaignResult& result, const CampaignParams& params) {
  double needed = kMostGrowth;
  const auto consider = [&](double half_width, double target) {
    if (target > 0) needed = std::min(needed, std::pow(half_width / target, 2) * kBeyond);
  };
  consider(result.sdc_interval.half_width(),
           params.target_sdc_relative * rates_of(result.total).sdc);
  consider(result.vulnerability_interval.half_width(), params.target_vulnerability);
  return std::max(needed, kLeastGrowth);
}

class Campaign {
 public:
  Campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
           std::span<const std::int8_t> images, std::span<const int> labels,
           const CampaignParams& params);
  CampaignResult run();

 private:
  void run_uniform_pairs();
  void run_round(std::uint64_t begin, std::uint64_t end);
  void run_census();
  void run_fault_list(const std::vector<std::uint64_t>& faults);
  std::vector<std::uint64_t> draw_fault_list(std::uint64_t count) const;
  void collect();
  void fill_fault_intervals();
  void keep_fault_counts(const std::vector<std::uint64_t>* faults);
  FaultTable& make_table(std::size_t rows);
  void make_runner(FaultTable* table);

  const engine::Int8Engine& engine_;
  const engine::Assignment& assignment_;
  std::span<const std::int8_t> images_;
  std::span<const int> labels_;
  const CampaignParams& params_;
  FaultSpace space_;
  std::vector<PaperLayer> paper_layers_;
  std::vector<std::uint32_t> order_;
  std::unique_ptr<FaultTable> table_;
  std::unique_ptr<PairRunner> runner_;
  CampaignResult result_;
};

Campaign::Campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                   std::span<const std::int8_t> images, std::span<const int> labels,
                   const CampaignParams& params)
    : engine_(engine),
      assignment_(assignment),
      images_(images),
      labels_(labels),
      params_(params),
      space_(engine.model(), params.include_input),
      paper_layers_(paper_layers(engine.model(), space_)) {
  if (images.size() != labels.size() * engine.node_size(0)) {
    throw std::invalid_argument("fault campaign: images and labels differ in number");
  }
  if (labels.empty()) throw base::InputError({"", "images", "none", "at least one image"});
  if (space_.size() == 0) {
    throw base::InputError({"", "fault space of model " + engine.model().name,
                            "no stored activation",
                            "a tensor that a later layer reads, or --include-input"});
  }
}

FaultTable& Campaign::make_table(std::size_t rows) {
  table_ = std::make_unique<FaultTable>(rows);
  return *table_;
}

void Campaign::make_runner(FaultTable* table) {
  runner_ =
      std::make_unique<PairRunner>(engine_, assignment_, images_, labels_, params_, space_, table);
}

CampaignResult Campaign::run() {
  const auto start = std::chrono::steady_clock::now();
  switch (params_.sampling) {
    case Sampling::kUniformPairs:
      run_uniform_pairs();
      break;
    case Sampling::kCensus:
      run_census();
      break;
    case Sampling::kCommonFaults:
    case Sampling::kDeepaxe2023: {
      std::uint64_t count = params_.num_faults;
      if (count == 0 && params_.sampling == Sampling::kDeepaxe2023) {
        count = plan_samples(engine_.model(), params_.include_input).paper_rule;
      }
      if (count == 0) throw std::invalid_argument("fault campaign: num_faults is 0");
      run_fault_list(draw_fault_list(count));
      break;
    }
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  result_.seconds = elapsed.count();
  return std::move(result_);
}

void Campaign::collect() {
  result_.total = {};
  result_.golden_correct = 0;
  result_.rechecked = 0;
  result_.changes.clear();
  result_.by_tensor_bit.assign(space_.tensors().size() * 8, {});
  merge(runner_->tallies(), result_);
  const Rates rates = rates_of(result_.total);
  result_.sdc_rate = rates.sdc;
  result_.vulnerability = rates.vulnerability;
}

void Campaign::run_uniform_pairs() {
  if (params_.max_pairs == 0) throw std::invalid_argument("fault campaign: max_pairs is 0");
  order_ = permutation(static_cast<std::uint32_t>(labels_.size()), params_.seed);
  make_runner(params_.keep_fault_counts ? &make_table(space_.size()) : nullptr);
  const std::uint64_t sweep = labels_.size();
  std::uint64_t done = 0, sweeps = kFirstSweeps;
  while (result_.stop_reason.empty()) {
    const std::uint64_t end = std::min(sweeps * sweep, params_.max_pairs);
    run_round(done, end);
    done = end;
    collect();
    fill_pair_intervals(result_);
    result_.stop_reason = precision_reached(result_, params_);
    if (result_.stop_reason.empty() && done == params_.max_pairs) {
      result_.stop_reason = fmt::format("budget of {} pairs reached", done);
    }
    sweeps = static_cast<std::uint64_t>(
        std::ceil(static_cast<double>(sweeps) * growth_needed(result_, params_)));
  }
  result_.num_faults = done;
  result_.images = static_cast<std::int64_t>(std::min(done, sweep));
  result_.method =
      "pairs (fault, image) drawn uniformly, images balanced; SDC rate: Clopper-Pearson 95 %; "
      "vulnerability: Tango's score interval 95 % of (harmful - beneficial) / pairs; ended by a "
      "stopping rule, so 95 % is nominal";
  if (params_.keep_fault_counts) keep_fault_counts(nullptr);
}

void Campaign::run_round(std::uint64_t begin, std::uint64_t end) {
  // `begin` is 0 or a whole number of sweeps: only the last round is cut.
  const std::uint64_t n = labels_.size();
  const std::uint64_t first_sweep = begin / n;
  Workload workload;
  workload.num_positions = static_cast<std::size_t>(std::min(n, end));
  workload.max_draws = (end - begin + n - 1) / n;
  workload.counts_golden = begin == 0;
  workload.image = [this](std::size_t position) { return std::size_t{order_[position]}; };
  workload.num_draws = [=](std::size_t position) {
    return position < end ? (end - 1 - position) / n + 1 - first_sweep : 0;
  };
  workload.draw = [this, n, first_sweep](std::size_t position, std::uint64_t k) {
    const std::uint64_t pair = (first_sweep + k) * n + position;
    const std::uint64_t fault = uniform_fault(space_.size(), pair, params_.seed);
    return Draw{pair, fault, fault};
  };
  runner_->run(workload);
}

void Campaign::run_census() {
  make_runner(params_.keep_fault_counts ? &make_table(space_.size()) : nullptr);
  const std::uint64_t n = labels_.size();
  Workload workload;
  workload.num_positions = labels_.size();
  workload.max_draws = space_.size();
  workload.image = [](std::size_t position) { return position; };
  workload.num_draws = [this](std::size_t) { return space_.size(); };
  workload.draw = [n](std::size_t position, std::uint64_t k) {
    return Draw{k * n + position, k, k};
  };
  runner_->run(workload);
  collect();
  result_.num_faults = space_.size();
  result_.images = static_cast<std::int64_t>(n);
  result_.sdc_interval = {result_.sdc_rate, result_.sdc_rate};
  result_.vulnerability_interval = {result_.vulnerability, result_.vulnerability};
  result_.method = "census: every fault of the space on every image; no sampling error";
  result_.stop_reason = "every fault tried";
  if (params_.keep_fault_counts) keep_fault_counts(nullptr);
}

std::vector<std::uint64_t> Campaign::draw_fault_list(std::uint64_t count) const {
  std::vector<std::uint64_t> faults(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    faults[i] = params_.sampling == Sampling::kDeepaxe2023
                    ? layer_uniform_fault(paper_layers_, space_, i, params_.seed)
                    : uniform_fault(space_.size(), i, params_.seed);
  }
  return faults;
}

void Campaign::run_fault_list(const std::vector<std::uint64_t>& faults) {
  make_runner(&make_table(faults.size()));
  const std::uint64_t n = labels_.size();
  Workload workload;
  workload.num_positions = labels_.size();
  workload.max_draws = faults.size();
  workload.image = [](std::size_t position) { return position; };
  workload.num_draws = [&](std::size_t) { return faults.size(); };
  workload.draw = [n, &faults](std::size_t position, std::uint64_t k) {
    return Draw{k * n + position, faults[k], k};
  };
  runner_->run(workload);
  collect();
  result_.num_faults = faults.size();
  result_.images = static_cast<std::int64_t>(n);
  fill_fault_intervals();
  result_.stop_reason = fmt::format("{} faults tried on {} images", faults.size(), n);
  if (params_.keep_fault_counts) keep_fault_counts(&faults);
}

// Of the mean over faults of values in [low, high]. Without spread there is none to estimate from:
// then at most the share of faults that none of n shows can have another value, by any amount.
Interval mean_interval(const std::vector<double>& values, double low, double high) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  Interval interval;
  if (*least == *most) {
    const auto n = static_cast<std::int64_t>(values.size());
    const double reach = clopper_pearson(0, n).high * (high - low);
    interval = {*least - reach, *least + reach};
  } else {
    interval = student_t(values);
  }
  return {std::clamp(interval.low, low, high), std::clamp(interval.high, low, high)};
}

void Campaign::fill_fault_intervals() {
  std::vector<double> sdc, vulnerability;
  for (std::size_t i = 0; i < table_->size(); ++i) {
    const Rates rates = rates_of(table_->at(i));
    sdc.push_back(rates.sdc);
    vulnerability.push_back(rates.vulnerability);
  }
  result_.sdc_interval = mean_interval(sdc, 0, 1);
  result_.vulnerability_interval = mean_interval(vulnerability, -1, 1);
  result_.method = params_.sampling == Sampling::kDeepaxe2023
                       ? "layer, then neuron, then bit, each uniform, flatten counted again; the "
                         "same faults on all images; layer-uniform sampling over-weights small "
                         "late layers against their share of the memory; "
                       : "faults drawn uniformly, each on all images; ";
  result_.method +=
      "Student t 95 % over faults, which covers less than it says, for outcomes of faults are "
      "skewed; where all faults agree, the Clopper-Pearson bound of those that could differ";
}

// One record for each fault tried (each draw of a list, where `faults` names them).
void Campaign::keep_fault_counts(const std::vector<std::uint64_t>* faults) {
  for (std::size_t i = 0; i < table_->size(); ++i) {
    const OutcomeCounts counts = table_->at(i);
    if (counts.pairs() == 0) continue;
    result_.fault_counts.push_back({faults != nullptr ? (*faults)[i] : i, counts});
  }
}

}  // namespace

CampaignResult run_campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                            std::span<const std::int8_t> images, std::span<const int> labels,
                            const CampaignParams& params) {
  return Campaign(engine, assignment, images, labels, params).run();
}

}  // namespace deepaxe::fault
