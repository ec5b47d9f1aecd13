#include "deepaxe/hw/hls/weight_source.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::hls {
namespace {

// Two outputs of three inputs.
std::string arrays_text(std::vector<quant::RequantScale> scales) {
  design::LayerShape shape;
  shape.in_c = 3;
  shape.out_c = 2;
  SourceWriter out;
  write_arrays(
      out, "fc", shape,
      {.weights = {1, 2, 3, -4, -5, -6}, .folded_bias = {70, -80}, .scales = std::move(scales)});
  return out.text();
}

TEST(WriteArrays, WeightsHaveARowForEachOutput) {
  const std::string text = arrays_text({{1 << 30, -3}, {1 << 30, -3}});
  EXPECT_NE(
      text.find("fc_weights[2][3] = {\n  {\n    1, 2, 3,\n  },\n  {\n    -4, -5, -6,\n  },\n};"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("fc_bias[2] = {\n  70, -80,\n};"), std::string::npos);
}

TEST(WriteArrays, OneScaleIsAConstantAndSeveralAreArrays) {
  EXPECT_NE(arrays_text({{1 << 30, -3}, {1 << 30, -3}}).find("fc_shift = -3;"), std::string::npos);
  const std::string several = arrays_text({{1 << 30, -3}, {1 << 30, 2}});
  EXPECT_NE(several.find("fc_shifts[2] = {\n  -3, 2,\n};"), std::string::npos) << several;
  EXPECT_NE(several.find("fc_mantissas[2] ="), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::hls
