// foreign: a .tflite file of ours as other writers would have put the same network.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "draw.h"

namespace deepaxe::conformance {

/// Rewrites the file in ways drawn at random, each of which keeps the numbers of every layer:
/// another or no description, uint8 or float borders behind QUANTIZE and DEQUANTIZE, biases that
/// are 0 left out, RESHAPE without its second input or left out before FULLY_CONNECTED, axes
/// counted from behind, dilated convolutions behind SPACE_TO_BATCH_ND, operator codes in the old
/// field alone.
std::vector<std::byte> as_foreign_file(std::span<const std::byte> tflite, Draw draw);

}  // namespace deepaxe::conformance
