#include "deepaxe/fault/image_classes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "deepaxe/fault/sampling.h"

namespace deepaxe::fault {
namespace {

constexpr std::uint32_t kImages = 300;

// Many images share a margin.
std::vector<int> some_margins() {
  std::vector<int> margins;
  for (std::uint32_t i = 0; i < kImages; ++i) margins.push_back(static_cast<int>(i * 37 % 41));
  return margins;
}

TEST(ImageClasses, HoldEveryImageOnceAndThoseOfSmallerMarginsInEarlierClasses) {
  const std::vector<int> margins = some_margins();
  const ImageClasses classes = image_classes(kImages, margins, 5, 1);
  ASSERT_EQ(classes.num_classes(), 5U);
  EXPECT_EQ(std::set<std::uint32_t>(classes.order.begin(), classes.order.end()).size(), kImages);
  int largest = -1;
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    EXPECT_GE(classes.size(c), 1U);
    int smallest_here = 1'000, largest_here = -1;
    for (std::uint32_t p = classes.first[c]; p < classes.first[c + 1]; ++p) {
      EXPECT_EQ(classes.class_of(p), c);
      smallest_here = std::min(smallest_here, margins[classes.order[p]]);
      largest_here = std::max(largest_here, margins[classes.order[p]]);
    }
    EXPECT_GE(smallest_here, largest);
    largest = largest_here;
  }
}

TEST(ImageClasses, HaveTheSameImagesInAnotherOrderForAnotherSeed) {
  const std::vector<int> margins = some_margins();
  const ImageClasses a = image_classes(kImages, margins, 4, 1);
  const ImageClasses b = image_classes(kImages, margins, 4, 2);
  EXPECT_EQ(a.first, b.first);
  EXPECT_NE(a.order, b.order);
  for (std::size_t c = 0; c < 4; ++c) {
    const auto of_class = [&](const ImageClasses& classes) {
      return std::set<std::uint32_t>(classes.order.begin() + classes.first[c],
                                     classes.order.begin() + classes.first[c + 1]);
    };
    EXPECT_EQ(of_class(a), of_class(b));
  }
}

TEST(ImageClasses, AreOnePermutationWhereThereIsOneClass) {
  const ImageClasses one = image_classes(kImages, {}, 1, 7);
  EXPECT_EQ(one.order, permutation(kImages, 7));
  EXPECT_EQ(one.first, (std::vector<std::uint32_t>{0, kImages}));
}

TEST(ImageClasses, OfEveryNumberOfImagesHaveAnImageEach) {
  for (std::uint32_t n = 1; n < 3'000; n = n * 3 / 2 + 1) {
    const std::vector<std::uint32_t> first = image_class_bounds(n, most_image_classes(n));
    EXPECT_EQ(first.back(), n);
    for (std::size_t c = 0; c + 1 < first.size(); ++c) EXPECT_LT(first[c], first[c + 1]);
  }
}

TEST(ImageClasses, ThinnedKeepAFairPartOfEachClass) {
  const ImageClasses all = image_classes(kImages, some_margins(), 5, 1);
  for (const std::size_t count : {1U, 5U, 40U, 299U, 1'000U}) {
    const ImageClasses thin = thinned(all, count);
    EXPECT_EQ(thin.num_classes(), all.num_classes());
    EXPECT_LE(thin.num_images(), std::max<std::size_t>(count, all.num_classes()));
    for (std::size_t c = 0; c < all.num_classes(); ++c) {
      EXPECT_GE(thin.size(c), 1U);
      EXPECT_TRUE(std::equal(thin.order.begin() + thin.first[c],
                             thin.order.begin() + thin.first[c + 1],
                             all.order.begin() + all.first[c]));
      if (c > 0 && thin.size(c) < thin.size(c - 1)) {
        EXPECT_EQ(thin.size(c), all.size(c));
      }
    }
  }
  EXPECT_EQ(thinned(all, kImages).order, all.order);
}

}  // namespace
}  // namespace deepaxe::fault
