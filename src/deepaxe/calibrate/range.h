// Range: the smallest interval that holds 0 and all values of a tensor; from it, scale and zero
// point.
#pragma once

#include <span>
#include <vector>

#include "deepaxe/model/graph.h"
#include "deepaxe/quant/params.h"

namespace deepaxe::calibrate {

/// low <= 0 <= high: real 0 must have a code of its own, padding and ReLU rest on it.
struct Range {
  float low = 0, high = 0;

  void include(float value) noexcept;
  void include(const Range& other) noexcept;
  bool operator==(const Range&) const = default;
};

/// Asymmetric: codes -128..127 spread over the range, the zero point rounded to nearest. Symmetric:
/// zero point 0, the larger bound at code 127. A range of one point gets scale 1.
quant::QuantParams params_of_range(const Range& range, bool symmetric);

/// The real numbers of codes -128 and 127.
Range representable_range(const quant::QuantParams& params);

/// Ranges of all tensors over images [n, input size]. Minima and maxima are exact whatever the
/// order, so the result does not depend on the threads. Throws InputError, naming the layer, for
/// a value that is not finite.
std::vector<Range> measure_ranges(const model::FloatModel& model, std::span<const float> images,
                                  int num_threads);

}  // namespace deepaxe::calibrate
