#include "deepaxe/hw/design/requantizer_shape.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "deepaxe/hw/design/layer_arrays.h"

namespace deepaxe::hw::design {
namespace {

// Two's complement bits of a number.
int signed_bits(std::int32_t value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint32_t>(value < 0 ? ~value : value))) +
         1;
}

}  // namespace

RequantizerShape requantizer_shape(const model::Int8Model& model, int node, const LayerWalk& walk) {
  if (walk.kind != LayerKind::kComputing) return {};
  const std::vector<quant::RequantScale> scales = output_scales(model, node);
  const ChannelShifts shifts = channel_shifts(scales);
  RequantizerShape shape{.sum_bits = walk.sum_bits(),
                         .bias_bits = 1,
                         .has_one_scale = is_one_scale(scales),
                         .has_shifts = !shifts.is_one(),
                         .max_shift = shifts.largest,
                         .shift_bits = shifts.bits};
  for (const std::int32_t bias : folded_biases(model, node)) {
    shape.bias_bits = std::max(shape.bias_bits, signed_bits(bias));
  }
  return shape;
}

}  // namespace deepaxe::hw::design
