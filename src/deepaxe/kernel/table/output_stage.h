// OutputStage: how the sums of a layer lie in memory, and from sums to codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table {

/// The sums of one output position are [num_runs][padded_run()]: a run is a group, or all outputs
/// where groups are narrow (depthwise). The layer must outlive it. Immutable.
class OutputStage {
 public:
  OutputStage(const ComputingLayer& layer, const HotLoops& loops);

  bool is_narrow() const noexcept { return is_narrow_; }
  int padded_run() const noexcept { return padded_run_; }  ///< A multiple of 8.
  std::size_t stride() const noexcept;                     ///< Sums of a position.
  std::size_t index(std::size_t output) const noexcept;    ///< Of an output among them.

  /// Of `num_rows` positions: bias added, requantized, clamped; codes [num_rows, out_c].
  void to_codes(const std::uint32_t* sums, std::size_t num_rows, std::int8_t* codes) const;
  /// Of `num_rows` positions: bias added; [num_rows, out_c].
  void to_accumulators(const std::uint32_t* sums, std::size_t num_rows,
                       std::int32_t* accumulators) const;

 private:
  struct PerChannel {  // See Requantizer; each [stride() and some padding].
    std::vector<std::int32_t> bias, mantissa, first_shift, half, tie, second_shift;
  };

  void plan_requantization();
  void to_codes_one_by_one(const std::uint32_t* sums, std::size_t num_rows,
                           std::int8_t* codes) const;

  const ComputingLayer& layer_;
  const HotLoops& loops_;
  bool is_narrow_ = false;
  bool has_left_shift_ = false;
  int num_runs_ = 0, run_size_ = 0, padded_run_ = 0;
  PerChannel per_channel_;
};

}  // namespace deepaxe::kernel::table
