#include "deepaxe/fault/pair_runner.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/fault/fault_list.h"

namespace deepaxe::fault {
namespace {

// Draws of one image that one thread does at a time: enough to pay for the image's golden run,
// few enough that one image with millions of faults occupies every thread.
constexpr std::uint64_t kDrawsPerTask = 65'536;
constexpr std::uint64_t kDrawsPerPoll = 8192;

bool keeps_changes(Sampling sampling) {
  return sampling == Sampling::kUniformPairs || sampling == Sampling::kStratified;
}

}  // namespace

PairRunner::PairRunner(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                       std::span<const std::int8_t> images, std::span<const int> labels,
                       const CampaignParams& params, const FaultSpace& space, FaultTable* table)
    : images_(images),
      labels_(labels),
      params_(params),
      space_(space),
      table_(table),
      image_size_(engine.node_size(0)),
      num_threads_(params.num_threads > 0 ? params.num_threads : base::default_thread_count()),
      is_rechecked_(params.recheck_fraction, params.seed),
      simulator_(engine, layer_multipliers(assignment),
                 hardware_of(assignment, params.space.parallel_outputs)),
      reference_(engine.model(), layer_multipliers(assignment),
                 hardware_of(assignment, params.space.parallel_outputs)),
      tallies_(static_cast<std::size_t>(num_threads_)) {
  for (int worker = 0; worker < num_threads_; ++worker) {
    states_.push_back(simulator_.make_state());
    states_.back().measures_margin = params.measure_margin;
    buffers_.emplace_back();
  }
}

void PairRunner::FaultPlaces::clear() {
  faults.clear();
  strata.clear();
}

void PairRunner::FaultPlaces::add(const Draw& draw, std::size_t num_image_classes,
                                  const FaultSpace& space) {
  faults.push_back(space.at(draw.fault, tensor));
  const std::size_t row =
      space.tensors()[tensor].first_row + static_cast<std::size_t>(faults.back().bit);
  strata.push_back(static_cast<std::uint32_t>(row * num_image_classes + draw.image_class));
}

void PairRunner::list_whole_faults(const Workload& workload) {
  whole_.clear();
  if (!workload.has_whole_faults) return;
  for (std::uint64_t k = 0; k < workload.max_draws; ++k) {
    whole_.add(workload.draw(0, k), workload.num_image_classes, space_);
  }
}

void PairRunner::run(const Workload& workload) {
  list_whole_faults(workload);
  for (Tally& tally : tallies_) {
    tally.by_stratum.resize(space_.num_rows() * workload.num_image_classes);
    tally.losses.resize(tally.by_stratum.size());
  }
  const std::uint64_t tasks = (workload.max_draws + kDrawsPerTask - 1) / kDrawsPerTask;
  base::parallel_for(workload.num_positions * tasks, num_threads_,
                     [&](std::size_t index, int worker) {
                       const std::size_t position = index / tasks;
                       run_task(workload, position, index % tasks * kDrawsPerTask,
                                static_cast<std::size_t>(worker));
                     });
}

void PairRunner::run_task(const Workload& workload, std::size_t position, std::uint64_t first_draw,
                          std::size_t worker) {
  base::check_interrupt();
  const std::uint64_t end = std::min(workload.num_draws(position), first_draw + kDrawsPerTask);
  const bool counts_golden = workload.counts_golden && first_draw == 0;
  if (first_draw >= end && !counts_golden) return;
  ImageState& state = states_[worker];
  const std::size_t image = workload.image(position);
  simulator_.load_image(pixels(image), labels_[image], state);
  if (counts_golden) {
    tallies_[worker].golden_correct += state.golden_class == labels_[image];
    tallies_[worker].golden_margins += state.golden_margin;
  }
  for (std::uint64_t k = first_draw; k < end; k += kDrawsPerPoll) {
    base::check_interrupt();
    run_draws(workload, position, k, std::min(end, k + kDrawsPerPoll), worker);
  }
  if (end > first_draw) report_progress(end - first_draw);
}

// Draws first to end - 1 of the loaded image.
void PairRunner::run_draws(const Workload& workload, std::size_t position, std::uint64_t first,
                           std::uint64_t end, std::size_t worker) {
  if (workload.has_whole_faults) {
    simulate(std::span(whole_.faults).subspan(first, end - first), worker);
    count_whole_faults(std::span(whole_.strata).subspan(first, end - first), first, worker);
  } else {
    DrawBuffers& buffers = buffers_[worker];
    buffers.draws.clear();
    buffers.places.clear();
    for (std::uint64_t k = first; k < end; ++k) {
      buffers.draws.push_back(workload.draw(position, k));
      buffers.places.add(buffers.draws.back(), workload.num_image_classes, space_);
    }
    simulate(buffers.places.faults, worker);
    count_draws(worker);
  }
  recheck_chosen(workload, position, first, end, worker);
}

// Fills outcomes and losses of the buffers.
void PairRunner::simulate(std::span<const Fault> faults, std::size_t worker) {
  DrawBuffers& buffers = buffers_[worker];
  ImageState& state = states_[worker];
  buffers.outcomes.resize(faults.size());
  buffers.losses.assign(faults.size(), 0);
  simulator_.simulate(faults, state, buffers.outcomes);
  if (state.measures_margin) simulator_.collect_losses(state, buffers.losses);
  tallies_[worker].work += std::exchange(state.work, {});
}

void PairRunner::count_draws(std::size_t worker) {
  const DrawBuffers& buffers = buffers_[worker];
  Tally& tally = tallies_[worker];
  for (std::size_t i = 0; i < buffers.draws.size(); ++i) {
    const Draw& draw = buffers.draws[i];
    const Outcome outcome = buffers.outcomes[i];
    ++tally.by_stratum[buffers.places.strata[i]][outcome];
    if (table_ != nullptr) table_->add(draw.row, outcome);
    if (keeps_changes(params_.sampling) && is_sdc(outcome)) {
      tally.changes.push_back({draw.pair, outcome});
    }
    count_loss(buffers.places.strata[i], draw.row, buffers.losses[i], tally);
  }
}

void PairRunner::count_whole_faults(std::span<const std::uint32_t> strata, std::uint64_t first_row,
                                    std::size_t worker) {
  const DrawBuffers& buffers = buffers_[worker];
  Tally& tally = tallies_[worker];
  for (std::size_t i = 0; i < strata.size(); ++i) {
    ++tally.by_stratum[strata[i]][buffers.outcomes[i]];
    if (table_ != nullptr) table_->add(first_row + i, buffers.outcomes[i]);
    count_loss(strata[i], first_row + i, buffers.losses[i], tally);
  }
}

void PairRunner::count_loss(std::size_t stratum, std::uint64_t row, int loss, Tally& tally) {
  if (loss == 0) return;
  tally.losses[stratum].add(loss);
  if (table_ != nullptr) table_->add_loss(row, loss);
}

// Of the draws that were simulated last.
void PairRunner::recheck_chosen(const Workload& workload, std::size_t position, std::uint64_t first,
                                std::uint64_t end, std::size_t worker) {
  const DrawBuffers& buffers = buffers_[worker];
  const std::uint64_t stride = workload.num_positions;
  const std::uint64_t first_pair = (workload.first_fault + first) * stride + position;
  for (std::uint64_t i = 0; i < end - first; ++i) {
    const std::uint64_t pair =
        workload.has_whole_faults ? first_pair + i * stride : buffers.draws[i].pair;
    if (!is_rechecked_(pair)) continue;
    const Draw draw =
        workload.has_whole_faults ? workload.draw(position, first + i) : buffers.draws[i];
    recheck(draw, workload.image(position), buffers.outcomes[i], buffers.losses[i], worker);
  }
}

void PairRunner::recheck(const Draw& draw, std::size_t image, Outcome outcome, int margin_loss,
                         std::size_t worker) {
  ImageState& state = states_[worker];
  const Fault fault = space_.at(draw.fault);
  const ReferenceRun expected =
      reference_.run(pixels(image), labels_[image], fault, buffers_[worker].golden);
  const Outcome repeated = simulator_.simulate_alone(fault, state);
  const std::span<const std::int8_t> logits = simulator_.logits(state);
  ++tallies_[worker].rechecked;
  if (outcome == expected.outcome && repeated == outcome &&
      (!params_.measure_margin || margin_loss == expected.margin_loss) &&
      std::equal(logits.begin(), logits.end(), expected.logits.begin(), expected.logits.end())) {
    return;
  }
  throw std::logic_error("difference simulation disagrees with the reference kernels: pair " +
                         std::to_string(draw.pair) + ", fault " + fault_fields(fault, space_) +
                         ", image " + std::to_string(image));
}

void PairRunner::report_progress(std::uint64_t pairs) {
  if (!params_.progress) return;
  const std::scoped_lock lock(progress_mutex_);
  params_.progress(pairs);
}

std::span<const std::int8_t> PairRunner::pixels(std::size_t image) const {
  return images_.subspan(image * image_size_, image_size_);
}

}  // namespace deepaxe::fault
