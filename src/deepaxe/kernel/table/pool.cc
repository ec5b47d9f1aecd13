#include "deepaxe/kernel/table/pool.h"

#include <cstddef>

#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table {

void max_pool(const reference::PoolLayer& layer, Isa isa, const std::int8_t* input, int batch,
              std::int8_t* output) {
  const auto in_row = static_cast<std::size_t>(layer.in_w * layer.channels);
  const auto out_row = static_cast<std::size_t>(layer.out_w * layer.channels);
  const MaxPool pool = {.in_h = layer.in_h,
                        .in_w = layer.in_w,
                        .channels = layer.channels,
                        .out_h = layer.out_h,
                        .out_w = layer.out_w,
                        .kernel_h = layer.kernel_h,
                        .kernel_w = layer.kernel_w,
                        .stride_h = layer.stride_h,
                        .stride_w = layer.stride_w,
                        .pad_top = layer.pad_top,
                        .pad_left = layer.pad_left,
                        .clamp_low = static_cast<std::int8_t>(layer.clamp_low),
                        .clamp_high = static_cast<std::int8_t>(layer.clamp_high)};
  const HotLoops& loops = hot_loops(isa);
  for (int image = 0; image < batch; ++image) {
    loops.max_pool(pool, input, output);
    input += static_cast<std::size_t>(layer.in_h) * in_row;
    output += static_cast<std::size_t>(layer.out_h) * out_row;
  }
}

}  // namespace deepaxe::kernel::table
