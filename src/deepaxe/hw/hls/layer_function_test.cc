#include "deepaxe/hw/hls/layer_function.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::hls {
namespace {

TEST(IndexText, LeavesOutFactorsOfOneAndZeroTerms) {
  EXPECT_EQ(index_text("row", 12, "column", 6, "c"), "(row * 12 + column) * 6 + c");
  EXPECT_EQ(index_text("row", 12, "column", 1, "0"), "row * 12 + column");
  EXPECT_EQ(index_text("p", 6, "c", 1, "0"), "p * 6 + c");
  EXPECT_EQ(index_text("row", 1, "0", 6, "c"), "(row) * 6 + c");
}

TEST(Plus, WritesTheSignAndNoZero) {
  EXPECT_EQ(plus("x", 5), "x + 5");
  EXPECT_EQ(plus("x", -5), "x - 5");
  EXPECT_EQ(plus("x", 0), "x");
}

TEST(CodeText, AddsTheZeroPointInSixtyFourBitsAndClamps) {
  EXPECT_EQ(code_text("scaled", -128, -100, 127),
            "clamp_code(std::int64_t{scaled} - 128, -100, 127)");
}

TEST(WritePosition, TestsTheBorderOnlyWhereAWindowCanCrossIt) {
  design::WindowShape shape{
      .in_h = 8, .in_w = 8, .out_h = 6, .out_w = 6, .window = {.kernel_h = 3, .kernel_w = 3}};
  SourceWriter plain;
  write_position(plain, shape);
  EXPECT_EQ(plain.text(), "const int row = y + i;\nconst int column = x + j;\n");
  shape.out_h = shape.out_w = 8;
  shape.window.pad_top = shape.window.pad_left = 1;
  SourceWriter padded;
  write_position(padded, shape);
  EXPECT_NE(padded.text().find("const int row = y + i - 1;"), std::string::npos);
  EXPECT_NE(padded.text().find("const bool inside = row >= 0 && row < 8"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::hls
