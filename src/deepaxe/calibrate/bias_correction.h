// Bias correction: takes out of each output channel the mean shift that rounded weights cause.
// Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction",
// ICCV 2019, section 4.2; the means are measured.
#pragma once

#include <span>

#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// The source network with the weights and biases that the int8 model stands for; activations stay
/// real numbers.
model::FloatModel with_rounded_weights(const Quantization& quantization);

/// For each computing layer, in graph order: mean output of each channel of the source minus that
/// of with_rounded_weights, layers before it corrected already, over all positions and images
/// [n, input size]; in units of the bias, rounded, added to the bias. So the means differ by half a
/// unit of the bias at most. Runs the network once for each layer. The same for any number of
/// threads.
void correct_biases(Quantization& quantization, std::span<const float> images, int num_threads);

}  // namespace deepaxe::calibrate
