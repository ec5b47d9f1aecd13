// Keras 1 names and fields, rewritten to those of Keras 2.
// Source: keras.io/1.2.2 and keras 2.0 `legacy/interfaces.py`.
#pragma once

#include <string>

#include "deepaxe/frontend/keras/network.h"

namespace deepaxe::frontend::keras {

/// Set in the config of layers that were written by Keras 1 with "th" ordering: their kernels are
/// [out, in, height, width].
inline constexpr const char* kKernelOihw = "deepaxe_kernel_oihw";

/// Convolution2D, nb_filter, border_mode, subsample, dim_ordering, Merge...; does nothing to layers
/// of later versions. Throws InputError for what has no counterpart.
void modernize_layer(Layer& layer, const std::string& file);

}  // namespace deepaxe::frontend::keras
