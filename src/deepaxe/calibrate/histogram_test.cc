#include "deepaxe/calibrate/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "deepaxe/calibrate/test_models.h"

namespace deepaxe::calibrate {
namespace {

TEST(Histogram, EveryValueIsInTheBinWhoseEdgesHoldIt) {
  for (const float value : test_values(500, 3)) {
    Histogram histogram({-1, 1});
    histogram.add(value);
    const auto counts = histogram.counts();
    const auto bin =
        static_cast<std::size_t>(std::find(counts.begin(), counts.end(), 1) - counts.begin());
    ASSERT_LT(bin, Histogram::kNumBins);
    EXPECT_LE(histogram.edge(bin), double{value});
    EXPECT_GE(histogram.edge(bin + 1), double{value});
  }
}

TEST(Histogram, TheEndsOfTheRangeAreInTheOuterBins) {
  const Range range{-0.3F, 7.7F};
  Histogram histogram(range);
  histogram.add(range.low);
  histogram.add(range.high);
  EXPECT_EQ(histogram.counts().front(), 1);
  EXPECT_EQ(histogram.counts().back(), 1);
  EXPECT_EQ(static_cast<float>(histogram.edge(0)), range.low);
  EXPECT_EQ(static_cast<float>(histogram.edge(Histogram::kNumBins)), range.high);
}

TEST(Histogram, ZerosAreCountedApartAlsoWhereThereIsNothingElse) {
  Histogram histogram({0, 0});
  histogram.add(0.0F);
  EXPECT_EQ(histogram.num_zeros(), 1);
  EXPECT_EQ(histogram.num_values(), 1);
}

TEST(Histogram, ANetworkIsCountedCompletelyWhateverTheThreads) {
  const model::FloatModel m = test_model();
  const std::vector<float> images = test_images(37);
  const std::vector<Range> measured = measure_ranges(m, images, 1);
  std::vector<int> each(m.nodes.size());
  std::iota(each.begin(), each.end(), 0);
  const auto one = measure_histograms(m, images, measured, each, 1);
  EXPECT_EQ(measure_histograms(m, images, measured, each, 3), one);
  for (std::size_t i = 0; i < m.nodes.size(); ++i) {
    EXPECT_EQ(one[i].num_values(), 37 * static_cast<int>(model::num_elements(m.nodes[i].shape)));
  }
}

TEST(Histogram, NodesOfOneGroupAreCountedTogetherAndOthersLeftOut) {
  const model::FloatModel m = test_model();
  std::vector<int> group(m.nodes.size(), -1);
  group[3] = group[5] = 0;
  const std::vector<Range> wide{{-100, 100}};
  const auto histograms = measure_histograms(m, test_images(2), wide, group, 1);
  ASSERT_EQ(histograms.size(), 1U);
  EXPECT_EQ(histograms[0].num_values(), 2 * (12 + 16));
}

}  // namespace
}  // namespace deepaxe::calibrate
