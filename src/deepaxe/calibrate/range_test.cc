#include "deepaxe/calibrate/range.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/test_models.h"

namespace deepaxe::calibrate {
namespace {

std::vector<Range> some_ranges() {
  std::vector<Range> ranges{{0, 1}, {-1, 0}, {0, 0}, {-1e-30F, 3}, {-1e6F, 1e-3F}, {0, 1e-42F}};
  const std::vector<float> values = test_values(200, 3);
  for (std::size_t i = 0; i < values.size(); i += 2) {
    Range range;
    range.include(values[i] * 10);
    range.include(values[i + 1]);
    ranges.push_back(range);
  }
  return ranges;
}

TEST(Range, AlwaysHoldsZero) {
  Range range;
  range.include(3.0F);
  EXPECT_EQ(range, (Range{0, 3}));
  range.include(Range{-2, 1});
  EXPECT_EQ(range, (Range{-2, 3}));
}

TEST(Range, UnitImagesGiveTheUsualParams) {
  EXPECT_EQ(params_of_range({0, 1}, false), (quant::QuantParams{1.0F / 255, -128}));
}

TEST(Range, RealZeroHasACodeOfItsOwn) {
  for (const Range& range : some_ranges()) {
    for (const bool symmetric : {false, true}) {
      const quant::QuantParams params = params_of_range(range, symmetric);
      EXPECT_GT(params.scale, 0);
      EXPECT_EQ(quant::dequantize(quant::quantize(0, params), params), 0);
      EXPECT_TRUE(!symmetric || params.zero_point == 0);
    }
  }
}

// Half a code from rounding the value, half from rounding the zero point.
TEST(Range, BothEndsAreWithinOneCode) {
  for (const Range& range : some_ranges()) {
    for (const bool symmetric : {false, true}) {
      const quant::QuantParams params = params_of_range(range, symmetric);
      for (const float end : {range.low, range.high}) {
        const float back = quant::dequantize(quant::quantize(end, params), params);
        EXPECT_LE(std::abs(back - end), params.scale * 1.001F);
      }
    }
  }
}

TEST(Range, ThreadsDoNotChangeAnything) {
  const model::FloatModel m = test_model();
  const std::vector<float> images = test_images(37);
  const std::vector<Range> one = measure_ranges(m, images, 1);
  EXPECT_EQ(measure_ranges(m, images, 2), one);
  EXPECT_EQ(measure_ranges(m, images, 5), one);
}

TEST(Range, MoreImagesNeverNarrowARange) {
  const model::FloatModel m = test_model();
  const std::vector<float> images = test_images(20);
  const std::vector<Range> few = measure_ranges(m, std::span(images).first(32), 1);
  std::vector<Range> many = measure_ranges(m, images, 1);
  for (std::size_t i = 0; i < few.size(); ++i) {
    const Range wide = many[i];
    many[i].include(few[i]);
    EXPECT_EQ(many[i], wide);
  }
}

TEST(Range, ValuesThatAreNotFiniteNameTheLayer) {
  std::vector<float> images = test_images(2);
  images[40] = std::numeric_limits<float>::quiet_NaN();
  try {
    measure_ranges(test_model(), images, 1);
    FAIL() << "accepted a NaN";
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("layer image"), std::string::npos);
  }
}

}  // namespace
}  // namespace deepaxe::calibrate
