// The digits must be hard enough to be interesting: no linear classifier may do well on them.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "deepaxe/dataset/digits.h"

namespace deepaxe::dataset {
namespace {

constexpr std::size_t kFeatures = std::size_t{28} * 28 + 1;  // Pixels and a constant.
constexpr std::size_t kClasses = 10;

std::vector<double> features_of(const ImageSet& images, std::size_t image) {
  std::vector<double> x(kFeatures, 1.0);
  for (std::size_t i = 0; i + 1 < kFeatures; ++i) {
    x[i] = images.bytes[image * (kFeatures - 1) + i] / 255.0;
  }
  return x;
}

// Ridge regression on one-hot labels: gram [f, f] and moments [f, class] of the training images.
struct LeastSquares {
  std::vector<double> gram = std::vector<double>(kFeatures * kFeatures);
  std::vector<double> moments = std::vector<double>(kFeatures * kClasses);

  void add(const std::vector<double>& x, int label) {
    for (std::size_t i = 0; i < kFeatures; ++i) {
      if (x[i] == 0) continue;
      moments[i * kClasses + static_cast<std::size_t>(label)] += x[i];
      for (std::size_t j = 0; j <= i; ++j) gram[i * kFeatures + j] += x[i] * x[j];
    }
  }

  // Weights [f, class] by Cholesky's method, in place.
  std::vector<double> solve() {
    double* l = gram.data();
    for (std::size_t i = 0; i < kFeatures; ++i) {
      l[i * kFeatures + i] += 1.0;  // The ridge.
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = l[i * kFeatures + j];
        for (std::size_t k = 0; k < j; ++k) sum -= l[i * kFeatures + k] * l[j * kFeatures + k];
        l[i * kFeatures + j] = i == j ? std::sqrt(sum) : sum / l[j * kFeatures + j];
      }
    }
    std::vector<double> w = moments;
    for (std::size_t c = 0; c < kClasses; ++c) substitute(l, w, c);
    return w;
  }

  static void substitute(const double* l, std::vector<double>& w, std::size_t c) {
    for (std::size_t i = 0; i < kFeatures; ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        w[i * kClasses + c] -= l[i * kFeatures + k] * w[k * kClasses + c];
      }
      w[i * kClasses + c] /= l[i * kFeatures + i];
    }
    for (std::size_t i = kFeatures; i-- > 0;) {
      for (std::size_t k = i + 1; k < kFeatures; ++k) {
        w[i * kClasses + c] -= l[k * kFeatures + i] * w[k * kClasses + c];
      }
      w[i * kClasses + c] /= l[i * kFeatures + i];
    }
  }
};

int predict(const std::vector<double>& w, const std::vector<double>& x) {
  std::vector<double> scores(kClasses);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    for (std::size_t c = 0; c < kClasses; ++c) scores[c] += w[i * kClasses + c] * x[i];
  }
  std::size_t best = 0;
  for (std::size_t c = 1; c < kClasses; ++c) best = scores[c] > scores[best] ? c : best;
  return static_cast<int>(best);
}

TEST(Digits, ALinearClassifierLearnsThemButStaysUnder93Percent) {
  constexpr std::size_t kTrain = 4000, kTest = 2000;
  const ImageSet train = make_digits(kDigitsDefaultSeed, DigitsSplit::kTrain, kTrain, 0);
  LeastSquares fit;
  for (std::size_t i = 0; i < kTrain; ++i) fit.add(features_of(train, i), train.labels[i]);
  const std::vector<double> weights = fit.solve();
  const ImageSet test = make_digits(kDigitsDefaultSeed, DigitsSplit::kTest, kTest, 0);
  std::size_t correct = 0;
  for (std::size_t i = 0; i < kTest; ++i) {
    correct += predict(weights, features_of(test, i)) == test.labels[i];
  }
  EXPECT_LT(correct, kTest * 93 / 100);
  EXPECT_GT(correct, kTest * 60 / 100);  // It is a classifier, not noise.
}

}  // namespace
}  // namespace deepaxe::dataset
