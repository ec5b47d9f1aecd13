// PairRunner: simulates the pairs of a campaign, image by image, on all threads.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "deepaxe/base/cache_line.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/recheck.h"
#include "deepaxe/fault/sampling.h"
#include "deepaxe/fault/tally.h"

namespace deepaxe::fault {

/// One pair: which of the campaign's, which fault of the space, which row of the FaultTable.
struct Draw {
  std::uint64_t pair = 0;
  std::uint64_t fault = 0;
  std::uint64_t row = 0;
  std::size_t image_class = 0;
};

/// The faults of `count` images: draw `k` of [0, num_draws(position)) of the image at `position`.
struct Workload {
  std::size_t num_positions = 0;
  std::function<std::size_t(std::size_t position)> image;
  std::function<std::uint64_t(std::size_t position)> num_draws;
  std::function<Draw(std::size_t position, std::uint64_t k)> draw;
  std::uint64_t max_draws = 0;  ///< Of any position.
  bool counts_golden = true;    ///< Whether these images' golden classes are to be counted.
  /// Every position meets the same faults: draw k is pair (first_fault + k) * num_positions +
  /// position, counted in row k.
  bool has_whole_faults = false;
  std::uint64_t first_fault = 0;
  std::size_t num_image_classes = 1;  ///< The same for all workloads of an executor.
};

/// Tries the pairs of workloads, one after the other, and counts their outcomes.
class PairExecutor {
 public:
  virtual ~PairExecutor() = default;
  virtual void run(const Workload& workload) = 0;
  virtual const std::vector<Tally>& tallies() const noexcept = 0;
};

class PairRunner final : public PairExecutor {
 public:
  /// All arguments outlive the runner. `table` may be null.
  PairRunner(const engine::Int8Engine& engine, const engine::Assignment& assignment,
             std::span<const std::int8_t> images, std::span<const int> labels,
             const CampaignParams& params, const FaultSpace& space, FaultTable* table);

  /// Throws base::Interrupted on Ctrl-C, std::logic_error where a pair simulated again differs.
  void run(const Workload& workload) override;
  const std::vector<Tally>& tallies() const noexcept override { return tallies_; }

 private:
  struct FaultPlaces {  // Of draws, in their order.
    std::vector<Fault> faults;
    std::vector<std::uint32_t> strata;  // Rows of the space and classes of images.
    std::size_t tensor = 0;             // Of the last fault.

    void clear();
    void add(const Draw& draw, std::size_t num_image_classes, const FaultSpace& space);
  };
  struct alignas(base::kCacheLineBytes) DrawBuffers {  // Of draws that are simulated together.
    std::vector<Draw> draws;
    FaultPlaces places;
    std::vector<Outcome> outcomes;
    std::vector<std::int16_t> losses;    // Where margins are measured, else all 0.
    ReferenceSimulator::Tensors golden;  // Of the last image that was rechecked.
  };

  void list_whole_faults(const Workload& workload);
  void run_task(const Workload& workload, std::size_t position, std::uint64_t first_draw,
                std::size_t worker);
  void run_draws(const Workload& workload, std::size_t position, std::uint64_t first,
                 std::uint64_t end, std::size_t worker);
  void simulate(std::span<const Fault> faults, std::size_t worker);
  void count_draws(std::size_t worker);
  void count_whole_faults(std::span<const std::uint32_t> strata, std::uint64_t first_row,
                          std::size_t worker);
  void count_loss(std::size_t stratum, std::uint64_t row, int loss, Tally& tally);
  void recheck_chosen(const Workload& workload, std::size_t position, std::uint64_t first,
                      std::uint64_t end, std::size_t worker);
  void recheck(const Draw& draw, std::size_t image, Outcome outcome, int margin_loss,
               std::size_t worker);
  void report_progress(std::uint64_t pairs);
  std::span<const std::int8_t> pixels(std::size_t image) const;

  std::span<const std::int8_t> images_;
  std::span<const int> labels_;
  const CampaignParams& params_;
  const FaultSpace& space_;
  FaultTable* table_;
  std::size_t image_size_;
  int num_threads_;
  RecheckChoice is_rechecked_;
  DifferenceSimulator simulator_;
  ReferenceSimulator reference_;
  FaultPlaces whole_;                 // Of all draws of a workload of whole faults.
  std::vector<ImageState> states_;    // By worker.
  std::vector<DrawBuffers> buffers_;  // By worker.
  std::vector<Tally> tallies_;        // By worker.
  std::mutex progress_mutex_;
};

}  // namespace deepaxe::fault
