#include "deepaxe/hw/hls/weight_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace deepaxe::hw::hls {
namespace {

template <typename Project>
void write_array(SourceWriter& out, std::string_view type, const std::string& name,
                 const design::LayerArrays& arrays, Project project) {
  std::vector<std::int32_t> values;
  std::ranges::transform(arrays.scales, std::back_inserter(values), project);
  if (arrays.has_one_scale()) {
    out.line(fmt::format("static const {} {} = {};", type, name, values.front()));
    return;
  }
  out.open(fmt::format("static const {} {}s[{}] =", type, name, values.size()));
  out.numbers(values);
  out.close(";");
}

}  // namespace

void write_arrays(SourceWriter& out, const std::string& name, const design::LayerShape& shape,
                  const design::LayerArrays& arrays) {
  const auto depth = static_cast<std::size_t>(shape.depth());
  out.line();
  out.comment(fmt::format("{}: {} outputs of {}x{} kernel positions and {} input channels.", name,
                          shape.out_c, shape.window.kernel_h, shape.window.kernel_w,
                          shape.group_in()));
  out.open(fmt::format("static const std::int8_t {}_weights[{}][{}] =", name, shape.out_c, depth));
  for (std::size_t o = 0; o < static_cast<std::size_t>(shape.out_c); ++o) {
    out.open("");
    out.numbers(std::span(arrays.weights).subspan(o * depth, depth));
    out.close(",");
  }
  out.close(";");
  out.open(fmt::format("static const std::int32_t {}_bias[{}] =", name, shape.out_c));
  out.numbers(arrays.folded_bias);
  out.close(";");
  write_array(out, "std::int32_t", name + "_mantissa", arrays,
              [](const quant::RequantScale& scale) { return scale.mantissa; });
  write_array(out, "std::int8_t", name + "_shift", arrays,
              [](const quant::RequantScale& scale) { return std::int32_t{scale.shift}; });
}

}  // namespace deepaxe::hw::hls
