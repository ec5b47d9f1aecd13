#include "deepaxe/dataset/digits.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>

#include "deepaxe/base/sha256.h"
#include "deepaxe/dataset/canvas.h"
#include "deepaxe/dataset/glyphs.h"
#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

constexpr std::size_t kPixels = 28 * 28;

TEST(Digits, DoNotDependOnTheNumberOfThreadsOrImages) {
  const ImageSet one = make_digits(5, DigitsSplit::kTest, 200, 1);
  const ImageSet four = make_digits(5, DigitsSplit::kTest, 300, 4);
  EXPECT_EQ(one.shape_text(), "28x28x1");
  EXPECT_EQ(content_key(one), content_key(first_images(four, 200, "digits")));
}

TEST(Digits, DifferBetweenSeedsSplitsAndIndices) {
  std::set<std::string> seen;
  for (const std::uint64_t seed : {1ULL, 2ULL}) {
    for (const DigitsSplit split : {DigitsSplit::kTest, DigitsSplit::kTrain}) {
      const ImageSet images = make_digits(seed, split, 100, 1);
      for (std::size_t i = 0; i < 100; ++i) {
        seen.insert(
            base::sha256_hex(std::as_bytes(std::span(images.bytes).subspan(i * kPixels, kPixels))));
      }
    }
  }
  EXPECT_EQ(seen.size(), 2u * 2u * 100u);
}

TEST(Digits, AreBalancedWithinEveryTen) {
  const ImageSet images = make_digits(9, DigitsSplit::kTrain, 500, 0);
  bool is_shuffled = false;
  for (std::size_t ten = 0; ten < 50; ++ten) {
    std::array<int, 10> labels{};
    std::copy_n(images.labels.begin() + static_cast<std::ptrdiff_t>(10 * ten), 10, labels.begin());
    is_shuffled |= !std::is_sorted(labels.begin(), labels.end());
    std::sort(labels.begin(), labels.end());
    EXPECT_EQ(labels, (std::array<int, 10>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  }
  EXPECT_TRUE(is_shuffled);
}

// Ink is there, it is not everywhere, and it lies in the middle rather than at the border.
TEST(Digits, AreInkOnBackground) {
  const ImageSet images = make_digits(1, DigitsSplit::kTest, 500, 0);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto first = images.bytes.begin() + static_cast<std::ptrdiff_t>(i * kPixels);
    const auto dark = std::count_if(first, first + kPixels, [](std::uint8_t v) { return v > 110; });
    EXPECT_GT(dark, 8) << "image " << i;
    EXPECT_LT(dark, 350) << "image " << i;
  }
}

// Nearest class mean: far above chance, so the labels belong to the images; far below a
// perfect score, so the task is not trivial.
TEST(Digits, AreNeitherTrivialNorRandomForTheNearestClassMean) {
  const ImageSet train = make_digits(1, DigitsSplit::kTrain, 3000, 0);
  const ImageSet test = make_digits(1, DigitsSplit::kTest, 1000, 0);
  std::vector<double> means(10 * kPixels);
  for (std::size_t i = 0; i < train.bytes.size(); ++i) {
    const auto label = static_cast<std::size_t>(train.labels[i / kPixels]);
    means[label * kPixels + i % kPixels] += train.bytes[i] / 300.0;
  }
  int correct = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    std::array<double, 10> distance{};
    for (std::size_t p = 0; p < 10 * kPixels; ++p) {
      const double d = means[p] - test.bytes[i * kPixels + p % kPixels];
      distance[p / kPixels] += d * d;
    }
    const auto nearest = std::min_element(distance.begin(), distance.end());
    correct += nearest - distance.begin() == test.labels[i];
  }
  EXPECT_GT(correct, 550);
  EXPECT_LT(correct, 900);
}

// The model in data/ was trained on these very images: a change of one pixel would leave it with
// figures in data/README.md that nobody can confirm.
TEST(Digits, AreTheImagesThatTheModelInDataWasTrainedOn) {
  EXPECT_EQ(content_key(make_digits(kDigitsDefaultSeed, DigitsSplit::kTest, 1000, 0)),
            "59e030705b44a95faa7cb3c76bb6248a60d28930ba4e26580942b3e2ffa15f16");
  EXPECT_EQ(content_key(make_digits(kDigitsDefaultSeed, DigitsSplit::kTrain, 1000, 0)),
            "9a370fdc104917b8ed27e8bc5a4aab9793f705f58468e8c613e53b68869dde4a");
}

TEST(Digits, HaveTheirModelBesideItsHash) {
  const std::filesystem::path data = std::filesystem::path(DEEPAXE_SOURCE_DIR) / "data";
  const auto readme = base::read_file(data / "README.md");
  const std::string text(reinterpret_cast<const char*>(readme.data()), readme.size());
  const std::string hash = base::sha256_hex(base::read_file(data / "lenet5-digits.keras"));
  EXPECT_NE(text.find(hash), std::string::npos) << hash;
}

TEST(Glyphs, HaveSeveralStylesInsideTheUnitBox) {
  for (int digit = 0; digit < 10; ++digit) {
    EXPECT_GE(glyph_styles(digit).size(), 3u);
    for (const Glyph& glyph : glyph_styles(digit)) {
      for (const Stroke& stroke : glyph) {
        EXPECT_GE(stroke.points.size(), 2u);
        for (const Point& p : stroke.points) {
          EXPECT_TRUE(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1) << digit;
        }
      }
    }
  }
}

// A pen of radius 2 along a line through the centres of a row: full within 1.5 pixels of it,
// nothing beyond 2.5, half on the edge.
TEST(Canvas, DrawsALineOfTheRightThickness) {
  Canvas canvas(9);
  const std::array<Point, 2> line = {Point{-5, 4.5}, Point{15, 4.5}};
  canvas.draw(line, 2, 2, 0.8);
  const std::array<double, 9> expected = {0, 0, 0.4, 0.8, 0.8, 0.8, 0.4, 0, 0};
  for (std::size_t y = 0; y < 9; ++y) EXPECT_DOUBLE_EQ(canvas.values()[y * 9 + 4], expected[y]);
}

TEST(Canvas, KeepsInkOutsideTheImageOut) {
  Canvas canvas(4);
  const std::array<Point, 2> line = {Point{-50, -50}, Point{-20, -20}};
  canvas.draw(line, 2, 2, 1);
  EXPECT_TRUE(
      std::all_of(canvas.values().begin(), canvas.values().end(), [](double v) { return v == 0; }));
}

TEST(Canvas, BlurKeepsTheSumInsideAndClampsOnWriting) {
  Canvas canvas(5);
  canvas.values()[12] = 4;
  canvas.blur(0.125);
  EXPECT_EQ(canvas.values()[12], 2);
  EXPECT_EQ(canvas.values()[7], 0.5);
  canvas.values()[0] = -1;
  std::array<std::uint8_t, 25> bytes{};
  canvas.write_to(bytes);
  EXPECT_EQ(bytes[12], 255);
  EXPECT_EQ(bytes[7], 128);
  EXPECT_EQ(bytes[0], 0);
}

}  // namespace
}  // namespace deepaxe::dataset
