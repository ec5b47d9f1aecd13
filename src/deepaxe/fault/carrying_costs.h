// CarryingCosts: what each way of carrying differences through a computing layer costs.
#pragma once

#include <cstddef>
#include <limits>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/input_reach.h"
#include "deepaxe/fault/window_run.h"

namespace deepaxe::fault {

/// Processors and multipliers differ by two orders of magnitude in what they cost, so each way is
/// measured against rows of products added at the same moment: what slows the machine then slows
/// both. Units, about a nanosecond, that only compare. All ways give the same bytes. Immutable.
class CarryingCosts {
 public:
  /// `windows` may be null. `is_pooled`: codes of windows are pooled afterwards; moved sums are
  /// pooled as they are.
  CarryingCosts(const ComputingNode& node, const InputReach& reach, const WindowRun* windows,
                bool is_pooled);

  /// Of a run of the whole layer.
  double whole() const noexcept { return whole_; }
  /// Of a run at so many positions.
  double windows(std::size_t num_positions) const noexcept {
    return windows_fixed_ + windows_per_position_ * static_cast<double>(num_positions);
  }
  /// Of moving sums by the changes of so many inputs, at least.
  double sparse(std::size_t num_inputs) const noexcept {
    return sparse_per_input_ * static_cast<double>(num_inputs);
  }
  /// The same where those inputs reach so far.
  double sparse(std::size_t num_inputs, const WindowRun::Reach& reach) const noexcept {
    return sparse(num_inputs) + sparse_per_window_ * static_cast<double>(reach.num_windows) +
           sparse_per_position_ * static_cast<double>(reach.num_positions);
  }

 private:
  void estimate_sparse(const ComputingNode& node, const InputReach& reach);

  double whole_ = 0;
  double windows_fixed_ = std::numeric_limits<double>::infinity(), windows_per_position_ = 0;
  double sparse_per_input_ = 0, sparse_per_window_ = 0, sparse_per_position_ = 0;
};

}  // namespace deepaxe::fault
