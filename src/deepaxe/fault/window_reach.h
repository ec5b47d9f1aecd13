// WindowReach: which windows of a sliding-window layer cover an input row (or column).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::fault {

/// Input position i meets kernel position `kernel` in the window of output position `output`.
struct Tap {
  int kernel = 0;
  int output = 0;
};

struct AxisGeometry {
  int in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, pad_before = 0;
};

class WindowReach {
 public:
  explicit WindowReach(const AxisGeometry& axis) {
    for (int i = 0; i < axis.in; ++i) {
      first_.push_back(taps_.size());
      for (int k = 0; k < axis.kernel; ++k) {
        const int start = i + axis.pad_before - k * axis.dilation;
        if (start < 0 || start % axis.stride != 0 || start / axis.stride >= axis.out) continue;
        taps_.push_back({k, start / axis.stride});
      }
    }
    first_.push_back(taps_.size());
  }
  std::span<const Tap> taps(std::size_t input) const noexcept {
    return std::span(taps_).subspan(first_[input], first_[input + 1] - first_[input]);
  }

 private:
  std::vector<std::size_t> first_;  // taps_ of input i: [first_[i], first_[i + 1]).
  std::vector<Tap> taps_;
};

inline WindowReach reach_of_rows(const kernel::ConvGeometry& g) {
  return WindowReach({g.in_h, g.out_h, g.kernel_h, g.stride_h, g.dilation_h, g.pad_top});
}
inline WindowReach reach_of_columns(const kernel::ConvGeometry& g) {
  return WindowReach({g.in_w, g.out_w, g.kernel_w, g.stride_w, g.dilation_w, g.pad_left});
}

}  // namespace deepaxe::fault
