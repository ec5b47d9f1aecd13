// Pieces that the functions of all layers share: heads, index expressions, the final clamp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// The comment `name: what, 28x28x1 -> 24x24x6.` and the function's opening line; inputs are
/// called `input`, or `input_0`, `input_1`... where there are several.
void open_layer_function(SourceWriter& out, const model::Int8Model& model,
                         const design::LayerPlan& layer, std::string_view what);

/// "(row * width + column) * channels + channel", without factors of 1 and zero terms.
std::string index_text(std::string_view row, int width, std::string_view column, int channels,
                       std::string_view channel);

/// `const int row = ...`, `const int column = ...` of the kernel position (i, j) of output (y, x),
/// and where the window can leave the image `const bool inside = ...`.
void write_position(SourceWriter& out, const design::WindowShape& shape);

/// "clamp_code(std::int64_t{value} - 5, -128, 127)": a requantized value to a code.
std::string code_text(std::string_view value, std::int32_t zero_point, std::int32_t low,
                      std::int32_t high);
/// With the zero point and the clamp of the node.
std::string code_text(std::string_view value, const model::Int8Node& node);

/// "requantize_double(value, mantissa, shift)".
std::string requantize_text(std::string_view value, quant::RequantScale scale);

/// "value - 5", "value + 3" or "value".
std::string plus(std::string_view value, std::int32_t constant);

}  // namespace deepaxe::hw::hls
