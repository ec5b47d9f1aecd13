// Preprocessing: from stored pixels to the floats a model was trained on.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "deepaxe/dataset/image_set.h"

namespace deepaxe::dataset {

enum class PixelScaling {
  kUnit,      ///< x / 255; floats already in [0, 1] stay as they are.
  kRaw,       ///< x as stored.
  kStandard,  ///< (x - mean) / sd, channel by channel, x as stored.
};

struct Preprocessing {
  PixelScaling scaling = PixelScaling::kUnit;
  std::vector<float> mean;                ///< kStandard: one for all channels, or one for each.
  std::vector<float> standard_deviation;  ///< As many as `mean`, all positive.
};

/// "unit", "raw" or "standard:MEAN,...;SD,...". Throws InputError naming `--input` otherwise.
Preprocessing parse_preprocessing(const std::string& text);

/// parse_preprocessing(to_string(p)) == p.
std::string to_string(const Preprocessing& preprocessing);

/// What is really done to these images, for people: "unit (x/255)", "unit (floats already in
/// [0,1], not divided)", ...
std::string describe(const Preprocessing& preprocessing, const ImageSet& images);

/// Images [first, first + count) as floats, [count, height, width, channels]. Throws InputError if
/// the channels do not match kStandard's, std::invalid_argument if there are not so many images.
std::vector<float> preprocess(const ImageSet& images, std::size_t first, std::size_t count,
                              const Preprocessing& preprocessing);

}  // namespace deepaxe::dataset
