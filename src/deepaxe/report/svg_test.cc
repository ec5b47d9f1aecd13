#include "deepaxe/report/svg.h"

#include <gtest/gtest.h>

namespace deepaxe::report {
namespace {

TEST(Svg, TextThatLooksLikeMarkupIsEscaped) {
  Svg svg(10, 10, "a < b");
  svg.text(0, 0, "\"R&D\" <script>");
  EXPECT_NE(svg.str().find("a &lt; b"), std::string::npos);
  EXPECT_NE(svg.str().find("&quot;R&amp;D&quot; &lt;script&gt;"), std::string::npos);
  EXPECT_EQ(svg.str().find("<script>"), std::string::npos);
}

TEST(Svg, ATooltipIsAChildOfItsShape) {
  Svg svg(10, 10, "t");
  svg.circle(1, 2, 3, "#000", "#fff", "tip");
  svg.rect(1, 2, 3, 4, "#000", "tap");
  EXPECT_NE(svg.str().find("><title>tip</title></circle>"), std::string::npos);
  EXPECT_NE(svg.str().find("><title>tap</title></rect>"), std::string::npos);
}

TEST(Axis, CoversItsDataAndMapsEndsToEnds) {
  for (const double scale : {1e-6, 0.013, 1.0, 777.0, 4e9}) {
    const Axis axis(-0.3 * scale, 1.7 * scale, 100, 500);
    EXPECT_LE(axis.low(), -0.3 * scale);
    EXPECT_GE(axis.high(), 1.7 * scale);
    EXPECT_DOUBLE_EQ(axis.pixel(axis.low()), 100);
    EXPECT_DOUBLE_EQ(axis.pixel(axis.high()), 500);
    const double ticks = (axis.high() - axis.low()) / axis.step();
    EXPECT_GE(ticks, 2.5);
    EXPECT_LE(ticks, 12);
  }
}

TEST(Axis, AnEmptyRangeIsWidened) {
  for (const double value : {0.0, 5.0, -3.0}) {
    const Axis axis(value, value, 0, 1);
    EXPECT_LT(axis.low(), value);
    EXPECT_GT(axis.high(), value);
  }
}

TEST(TickLabel, HasAsManyDecimalsAsTheStepNeeds) {
  EXPECT_EQ(tick_label(0.25, 0.05), "0.25");
  EXPECT_EQ(tick_label(-1e-12, 0.5), "0.0");
  EXPECT_EQ(tick_label(2000, 500), "2000");
}

}  // namespace
}  // namespace deepaxe::report
