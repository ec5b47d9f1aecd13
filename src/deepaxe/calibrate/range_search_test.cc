#include "deepaxe/calibrate/range_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "deepaxe/calibrate/test_models.h"

namespace deepaxe::calibrate {
namespace {

Histogram histogram_of(const std::vector<float>& values) {
  Range range;
  for (const float value : values) range.include(value);
  Histogram histogram(range);
  for (const float value : values) histogram.add(value);
  return histogram;
}

// Most values are small, few are large: the cube of a uniform number, and some outliers.
std::vector<float> long_tailed(std::uint64_t seed, bool positive) {
  std::vector<float> values = test_values(20'000, seed);
  for (std::size_t i = 0; i < values.size(); ++i) {
    float& value = values[i];
    value = value * value * value * (i % 1'000 == 0 ? 20.0F : 1.0F);
    if (positive) value = std::max(value, 0.0F);
  }
  return values;
}

double squared_error(const std::vector<float>& values, const quant::QuantParams& params) {
  double sum = 0;
  for (const float value : values) {
    const double error = value - quant::dequantize(quant::quantize(value, params), params);
    sum += error * error;
  }
  return sum / static_cast<double>(values.size());
}

double share_outside(const std::vector<float>& values, const Range& range, bool above) {
  const auto outside = std::count_if(values.begin(), values.end(), [&](float value) {
    return above ? value > range.high : value < range.low;
  });
  return static_cast<double>(outside) / static_cast<double>(values.size());
}

class RangeSearch : public testing::TestWithParam<std::tuple<int, bool, bool>> {
 protected:
  std::vector<float> values_ =
      long_tailed(static_cast<std::uint64_t>(std::get<0>(GetParam())), std::get<1>(GetParam()));
  Histogram histogram_ = histogram_of(values_);
  bool symmetric_ = std::get<2>(GetParam());
};

TEST_P(RangeSearch, PercentileHundredIsMinMax) {
  const RangeParams all{.method = RangeMethod::kPercentile, .percentile = 100};
  EXPECT_EQ(choose_range(histogram_, all, symmetric_), histogram_.range());
  EXPECT_EQ(choose_range(histogram_, {}, symmetric_), histogram_.range());
}

TEST_P(RangeSearch, APercentileLeavesOutNoMoreThanItSaysAtEachEnd) {
  Range before = histogram_.range();
  for (const double percentile : {99.99, 99.9, 99.0, 90.0, 50.0}) {
    const Range range = percentile_range(histogram_, percentile);
    for (const bool above : {false, true}) {
      EXPECT_LE(share_outside(values_, range, above), (100 - percentile) / 200);
    }
    EXPECT_LE(range.high, before.high);
    EXPECT_GE(range.low, before.low);
    before = range;
  }
  EXPECT_LT(before.high, histogram_.range().high);
}

// The search knows bins, the judge every value.
TEST_P(RangeSearch, LeastErrorIsBelowThatOfMinMax) {
  const Range range = least_error_range(histogram_, symmetric_);
  const auto chosen = params_of_range(range, symmetric_);
  const auto usual = params_of_range(histogram_.range(), symmetric_);
  EXPECT_LE(expected_squared_error(histogram_, chosen), expected_squared_error(histogram_, usual));
  EXPECT_LT(squared_error(values_, chosen), squared_error(values_, usual));
}

TEST_P(RangeSearch, TheExpectedErrorIsThatOfTheValues) {
  for (const double percentile : {100.0, 99.0}) {
    const Range range = percentile_range(histogram_, percentile);
    const auto params = params_of_range(range, symmetric_);
    const double found = squared_error(values_, params);
    EXPECT_NEAR(expected_squared_error(histogram_, params), found, 0.05 * found);
  }
}

INSTANTIATE_TEST_SUITE_P(Tails, RangeSearch,
                         testing::Combine(testing::Values(1, 2), testing::Bool(), testing::Bool()));

TEST(RangeSearchEdges, ZeroIsInEveryRange) {
  for (const float sign : {-1.0F, 1.0F}) {
    const Histogram histogram = histogram_of({sign * 3, sign * 4, sign * 5});
    for (const RangeMethod method : {RangeMethod::kPercentile, RangeMethod::kMse}) {
      for (const double percentile : {99.0, 1.0}) {
        const Range range =
            choose_range(histogram, {.method = method, .percentile = percentile}, false);
        EXPECT_LE(range.low, 0);
        EXPECT_GE(range.high, 0);
      }
    }
  }
}

TEST(RangeSearchEdges, NothingButZerosIsTheEmptyRange) {
  const Histogram histogram = histogram_of({0, 0, 0});
  for (const RangeMethod method :
       {RangeMethod::kMinMax, RangeMethod::kPercentile, RangeMethod::kMse}) {
    for (const bool symmetric : {false, true}) {
      EXPECT_EQ(choose_range(histogram, {.method = method}, symmetric), Range{});
    }
  }
}

// 256 values that are codes already lose nothing.
TEST(RangeSearchEdges, AGridOfCodesKeepsItsRange) {
  std::vector<float> values;
  values.reserve(256);
  for (int code = 0; code < 256; ++code) values.push_back(static_cast<float>(code));
  const Range range = least_error_range(histogram_of(values), false);
  EXPECT_EQ(range, (Range{0, 255}));
}

TEST(RangeSearchEdges, APercentileThatIsNoneIsRefused) {
  for (const double percentile : {0.0, -1.0, 100.5, std::nan("")}) {
    EXPECT_THROW(
        choose_range(Histogram({0, 1}),
                     {.method = RangeMethod::kPercentile, .percentile = percentile}, false),
        std::invalid_argument);
  }
}

}  // namespace
}  // namespace deepaxe::calibrate
