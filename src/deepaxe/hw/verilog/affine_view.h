// AffineView: the elements of an input, as output line, column and channel reach them.
#pragma once

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Address = offset + line * `line` + column * `column` + channel * `channel`, for output positions
/// within [from, to); outside them stands padding.
struct AffineView {
  int offset = 0;
  int line = 0, column = 0, channel = 0;
  int line_from = 0, line_to = 0;
  int column_from = 0, column_to = 0;
  int channel_from = 0, channel_to = 0;
};

/// Input number `input` element by element, repeated along axes where its size is 1 (numpy's
/// rules). All throw base::InputError, naming layer and op, for more than three axes.
AffineView same_view(const LayerModule& layer, std::size_t input);
/// The same of a constant of that shape.
AffineView broadcast_view(const LayerModule& layer, const model::Shape& shape);
AffineView pad_view(const LayerModule& layer, const model::Pad& op);
AffineView slice_view(const LayerModule& layer, const model::Slice& op);
AffineView permute_view(const LayerModule& layer, const model::Permute& op);

}  // namespace deepaxe::hw::verilog
