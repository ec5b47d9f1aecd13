// StateCampaign: a sample of faults in the state of a generated accelerator, and their outcomes.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "deepaxe/fault/interval.h"
#include "deepaxe/fault/outcome.h"
#include "deepaxe/hw/inject/fault_bench.h"

namespace deepaxe::hw::inject {

struct StateCampaignParams {
  std::vector<verilog::StateGroup> groups;  ///< What is hit.
  std::int64_t num_faults = 1000;           ///< Each on one image.
  std::uint64_t seed = 1;
  int num_images = 1;  ///< The first of the folder's.
  int jobs = 1;
  /// Called with the faults done since its last call; may be empty.
  std::function<void(std::int64_t faults)> progress;
};

/// kDetected is a wrong frame: the host sees it without knowing the logits.
struct StateCounts {
  fault::OutcomeCounts outcomes;
  std::int64_t lasting = 0;  ///< Of all: the next image is wrong as well.
  /// Of class changes: those whose cycle count is not what it always is, so that a host that
  /// compares it sees them.
  std::int64_t sdc_with_wrong_cycles = 0;

  StateCounts& operator+=(const StateCounts& other) noexcept;
  bool operator==(const StateCounts&) const = default;
};

struct StateRecord {
  StateFault fault;
  int image = 0;
  fault::Outcome outcome = fault::Outcome::kMasked;
  bool lasts = false;
  bool wrong_cycles = false;

  bool operator==(const StateRecord&) const = default;
};

struct StateCampaignResult {
  std::vector<StateRecord> records;  ///< [num_faults]
  StateCounts total;
  std::array<StateCounts, verilog::kNumStateGroups> by_group{};
  std::int64_t bits = 0;  ///< Of the places that could be hit.
};

/// Fault number i of a seed hits any bit of the groups in any cycle of any image, each uniform and
/// independent. labels and golden logits [num_images, classes] are of the folder's images. The same
/// records for any number of jobs. Polls base::check_interrupt. Throws base::InputError if the
/// design has no place of these groups.
StateCampaignResult run_state_campaign(const FaultBench& bench,
                                       std::span<const std::int8_t> golden_logits,
                                       std::span<const int> labels,
                                       const StateCampaignParams& params);

/// What the host sees of a run, `golden_logits` being those without a fault.
fault::Outcome outcome_of(const FaultRun& run, std::span<const std::int8_t> golden_logits,
                          int label);

}  // namespace deepaxe::hw::inject
