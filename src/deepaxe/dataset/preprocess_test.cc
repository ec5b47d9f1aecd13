#include "deepaxe/dataset/preprocess.h"

#include <numeric>
#include <stdexcept>

#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

// Every code once, as 128 images of one pixel with two channels.
ImageSet every_code() {
  ImageSet images;
  images.height = images.width = 1;
  images.channels = 2;
  images.bytes.resize(256);
  std::iota(images.bytes.begin(), images.bytes.end(), std::uint8_t{0});
  images.labels.resize(128);
  return images;
}

ImageSet floats(std::vector<float> values, bool are_unit) {
  ImageSet images;
  images.height = images.width = images.channels = 1;
  images.labels.resize(values.size());
  images.values = std::move(values);
  images.values_are_unit = are_unit;
  return images;
}

TEST(Preprocess, ScalesEveryCode) {
  const ImageSet images = every_code();
  const auto unit = preprocess(images, 0, 128, parse_preprocessing("unit"));
  const auto raw = preprocess(images, 0, 128, parse_preprocessing("raw"));
  const auto standard = preprocess(images, 0, 128, parse_preprocessing("standard:100,50;2,4"));
  for (std::size_t code = 0; code < 256; ++code) {
    const auto x = static_cast<float>(code);
    EXPECT_EQ(unit[code], x / 255);
    EXPECT_EQ(raw[code], x);
    EXPECT_EQ(standard[code], code % 2 == 0 ? (x - 100) / 2 : (x - 50) / 4);
  }
}

TEST(Preprocess, TakesAnyRangeOfImages) {
  const ImageSet images = every_code();
  EXPECT_EQ(preprocess(images, 126, 2, parse_preprocessing("raw")),
            (std::vector<float>{252, 253, 254, 255}));
  EXPECT_TRUE(preprocess(images, 128, 0, {}).empty());
  EXPECT_THROW(preprocess(images, 127, 2, {}), std::invalid_argument);
  EXPECT_THROW(preprocess(images, ~std::size_t{0}, 2, {}), std::invalid_argument);
}

TEST(Preprocess, DoesNotDivideUnitFloatsAgain) {
  const auto unit = parse_preprocessing("unit");
  EXPECT_EQ(preprocess(floats({0.5F, 1}, true), 0, 2, unit), (std::vector<float>{0.5F, 1}));
  EXPECT_EQ(preprocess(floats({51, 255}, false), 0, 2, unit), (std::vector<float>{0.2F, 1}));
  EXPECT_NE(describe(unit, floats({0.5F}, true)), describe(unit, floats({51}, false)));
}

TEST(Preprocess, AppliesOneMeanToAllChannels) {
  const auto values = preprocess(every_code(), 1, 1, parse_preprocessing("standard:1;2"));
  EXPECT_EQ(values, (std::vector<float>{0.5F, 1}));
}

TEST(Preprocess, RejectsAWrongNumberOfChannels) {
  EXPECT_INPUT_ERROR(preprocess(every_code(), 0, 1, parse_preprocessing("standard:1,2,3;1,1,1")),
                     "found 3 means, expected 1, or one for each of the 2 channels");
}

TEST(ParsePreprocessing, PrintAndParseAreInverse) {
  for (const std::string text :
       {"unit", "raw", "standard:0.1;2", "standard:125.3069,-1;62.9932,1"}) {
    EXPECT_EQ(to_string(parse_preprocessing(text)), text);
  }
}

TEST(ParsePreprocessing, RejectsAnythingElse) {
  for (const std::string text :
       {"", "Unit", "standard", "standard:", "standard:1", "standard:1;", "standard:;1",
        "standard:1,;1,1", "standard:nan;1", "standard:1;1;1", "standard:x;1"}) {
    EXPECT_INPUT_ERROR(parse_preprocessing(text), "'" + text + "'");
  }
}

TEST(ParsePreprocessing, SaysWhichNumberIsWrong) {
  EXPECT_INPUT_ERROR(parse_preprocessing("standard:1,2;1,0"),
                     "standard: found standard deviation 0, expected a number above 0");
  EXPECT_INPUT_ERROR(parse_preprocessing("standard:1;-1"), "found standard deviation -1");
  EXPECT_INPUT_ERROR(parse_preprocessing("standard:1,2;1"),
                     "found 2 of means, 1 of standard deviations, expected as many of both");
}

}  // namespace
}  // namespace deepaxe::dataset
