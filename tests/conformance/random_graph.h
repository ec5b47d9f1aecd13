// Case: a small random int8 graph and codes to feed it, a function of (seed, index) alone.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::conformance {

struct Case {
  model::Int8Model model;  ///< Valid, and within what .tflite and LiteRT can express.
  int num_images = 0;
  std::vector<std::int8_t> images;  ///< [num_images, input shape]
};

/// In turn: one operator alone, each of the table in order; a chain; a graph of several branches.
/// Images: random ones, then all -128, all 127 and all of the input's zero point.
Case make_case(std::uint64_t seed, int index);

}  // namespace deepaxe::conformance
