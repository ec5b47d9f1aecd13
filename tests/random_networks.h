// Small int8 networks with random weights, scales and zero points: every op that hardware is
// generated for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe {

/// Convolutions with stride, padding, dilation and groups, depthwise with a multiplier, both pools.
model::Int8Model convolution_network();
/// Two branches: addition, concatenation, padding, cropping, rectifiers, the mean over the image.
model::Int8Model branching_network();
/// Arithmetic with constants and with operands that broadcast, slopes, functions by table, a slice
/// with strides, padding with a value.
model::Int8Model gated_network();
/// Three dense layers.
model::Int8Model perceptron();
/// One convolution and one dense layer, small enough to simulate as a netlist.
model::Int8Model tiny_network();
/// A residual block with padding, stride, depthwise and addition, and a mean at the end.
model::Int8Model residual_network();

/// Codes of images: the same ones for the same count.
std::vector<std::int8_t> random_codes(std::size_t count);

}  // namespace deepaxe
