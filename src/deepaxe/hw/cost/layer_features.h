// LayerFeatures: sizes of a layer's module by which its resources are predicted.
#pragma once

#include <array>
#include <string_view>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Names of the features, in the order of `values`; columns of tools/measure_layers.
inline constexpr std::array<std::string_view, 8> kFeatureNames = {
    "one",          "lanes",      "lane_bits",     "loop_bits",
    "address_bits", "digit_bits", "constant_bits", "factor_bits"};

/// Of a module: 0 where it has nothing of the kind.
///   one            1;
///   lanes          multipliers;
///   lane_bits      lanes x bits of a sum;
///   loop_bits      of the counters of all loops;
///   address_bits   of the addresses of activations and weights;
///   digit_bits     bits of a sum, or of a wider bias, x bits of the factor that the requantizer
///                  takes in a cycle;
///   constant_bits  of the memories of biases, as wide, and of factors, each up to 4,096: beyond,
///                  they are in block RAM. A layer of one scale for all channels
///                  (design::RequantizerShape) has no memory of factors...
///   factor_bits    ...and a constant instead of a word of it, which else has so many bits.
struct LayerFeatures {
  design::LayerKind kind = design::LayerKind::kPointwise;
  std::array<double, kFeatureNames.size()> values{};
};

/// parallel_outputs matters to computing layers only. The node must have a generated engine.
LayerFeatures layer_features(const model::Int8Model& model, int node, int parallel_outputs);

/// Of the core: one; memories as lanes; their layers as loop_bits; bits of all addresses and row
/// counters of the memories as address_bits.
std::array<double, kFeatureNames.size()> core_features(const model::Int8Model& model);

/// The same of a pipeline's core: its queues (design::image_queues) as lanes; the bits of their
/// addresses, counters of rows and counts of images as address_bits.
std::array<double, kFeatureNames.size()> pipeline_features(const model::Int8Model& model);

}  // namespace deepaxe::hw::cost
