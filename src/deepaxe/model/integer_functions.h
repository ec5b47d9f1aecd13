// The integer functions of int8 nodes, worked out from their quantization: what engine, generated
// hardware and fault simulation all compute with.
#pragma once

#include <cstddef>

#include "deepaxe/model/graph.h"
#include "deepaxe/quant/activation.h"
#include "deepaxe/quant/arithmetic.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::model {

// All throw std::invalid_argument for scales so far apart that no integer factor fits.

/// Of a computing node: s_in * s_w / s_out of one output channel.
quant::RequantScale output_scale(const Int8Model& model, const Int8Node& node, std::size_t output);

/// Of an Activate node whose input has quantization `in`. Throws std::invalid_argument for a ReLU
/// with a threshold.
quant::CodeTable activation_table(const Int8Node& node, const quant::QuantParams& in);

/// Of an Arithmetic node of two operands, constants included, or of a Prelu node (b is the slope).
quant::BinaryArithmetic binary_arithmetic(const Int8Model& model, const Int8Node& node);

}  // namespace deepaxe::model
