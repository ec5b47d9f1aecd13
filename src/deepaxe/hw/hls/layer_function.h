// Pieces that the functions of all layers share: heads, index expressions, the final clamp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "deepaxe/hw/hls/plan.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// What a sliding window moves over, and how its loops are written.
struct WindowShape {
  int in_h = 1, in_w = 1;
  int out_h = 1, out_w = 1;
  model::Window window;

  /// Some window reaches over the border of the image.
  bool is_padded() const noexcept;
};

const model::Int8Node& input_node(const model::Int8Model& model, const LayerPlan& layer,
                                  std::size_t input = 0);

/// The comment `name: what, 28x28x1 -> 24x24x6.` and the function's opening line; inputs are
/// called `input`, or `input_0`, `input_1`... where there are several.
void open_layer_function(SourceWriter& out, const model::Int8Model& model, const LayerPlan& layer,
                         std::string_view what);

/// "(row * width + column) * channels + channel", without factors of 1 and zero terms.
std::string index_text(std::string_view row, int width, std::string_view column, int channels,
                       std::string_view channel);

/// `const int row = ...`, `const int column = ...` of the kernel position (i, j) of output (y, x),
/// and where the window can leave the image `const bool inside = ...`.
void write_position(SourceWriter& out, const WindowShape& shape);

/// "5x5, stride 2, dilation 2, padding 1 1 1 1" (the last three where they are not 1, 1, 0).
std::string describe(const model::Window& window);

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
