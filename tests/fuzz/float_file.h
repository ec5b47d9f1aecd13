// as_float_file: a seed for the reader of float networks, made of an int8 file.
#pragma once

#include "target.h"

namespace deepaxe::fuzz {

/// The same operators on float activations: the weights stay int8 with their scales, as dynamic
/// range quantization has them; the biases are the bits of the integers, whatever they mean then.
Bytes as_float_file(std::span<const std::byte> int8_file);

}  // namespace deepaxe::fuzz
