// Range search: which part of a histogram the codes should cover.
#pragma once

#include "deepaxe/calibrate/histogram.h"
#include "deepaxe/calibrate/range.h"
#include "deepaxe/quant/params.h"

namespace deepaxe::calibrate {

/// How a range is taken from the values seen. 0 is in it always.
enum class RangeMethod {
  kMinMax,      ///< All of them.
  kPercentile,  ///< All but the outermost few.
  kMse,         ///< What gives the least mean squared error of quantization.
};

struct RangeParams {
  RangeMethod method = RangeMethod::kMinMax;
  double percentile = 99.99;  ///< Of kPercentile, in (0, 100]; 100 is kMinMax.

  bool operator==(const RangeParams&) const = default;
};

/// As `params` say. Symmetric as params_of_range. Throws std::invalid_argument for a percentile
/// that is none.
Range choose_range(const Histogram& histogram, const RangeParams& params, bool symmetric);

/// At each end the most bins that hold, together, no more than (100 - percentile) / 2 percent of
/// the values are left out.
Range percentile_range(const Histogram& histogram, double percentile);

/// Tries each end at k / 64 of the seen one, k = 1 ... 64: every pair of ends, or with `symmetric`
/// every bound of the magnitude. The widest of equals wins.
Range least_error_range(const Histogram& histogram, bool symmetric);

/// Mean of (value - dequantized code)^2 over the histogram, values spread evenly over their bin.
double expected_squared_error(const Histogram& histogram, const quant::QuantParams& params);

}  // namespace deepaxe::calibrate
