// Layer table: the layer report of a quantization as text and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/calibrate/layer_report.h"
#include "deepaxe/calibrate/quantizer.h"

namespace deepaxe::cli {

using LayerQualities = std::vector<std::optional<calibrate::LayerQuality>>;

/// One line for each layer and a heading; lines end in '\n'. What int8 does not run has dashes.
std::string layers_text(const calibrate::Quantization& quantization,
                        const LayerQualities& qualities);

/// An array of one object for each layer; what is not known is null.
nlohmann::ordered_json layers_json(const calibrate::Quantization& quantization,
                                   const LayerQualities& qualities);

}  // namespace deepaxe::cli
