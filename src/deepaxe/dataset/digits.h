// Digits: hand-written-like images of 0..9, drawn from strokes; every pixel is a function of
// (seed, split, index), so that an image needs no download and is the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/dataset/image_set.h"

namespace deepaxe::dataset {

enum class DigitsSplit { kTest, kTrain };

inline constexpr int kDigitsSide = 28;
inline constexpr std::uint64_t kDigitsDefaultSeed = 1;
inline constexpr std::size_t kDigitsTestImages = 10'000;

/// Images [0, count) of a split, 28x28x1, ink 255 on 0; any ten successive indices from a multiple
/// of ten hold each digit once, in random order. num_threads as in base::parallel_for.
ImageSet make_digits(std::uint64_t seed, DigitsSplit split, std::size_t count, int num_threads);

}  // namespace deepaxe::dataset
