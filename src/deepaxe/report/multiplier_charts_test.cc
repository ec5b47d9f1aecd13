#include "deepaxe/report/multiplier_charts.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace deepaxe::report {
namespace {

constexpr std::size_t kPairs = std::size_t{256} * 256;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(ErrorHeatMap, OfNoErrorIsWhite) {
  const std::string svg = error_heat_map("exact", std::vector<std::int32_t>(kPairs));
  EXPECT_EQ(count(svg, "fill=\"#a50f15\""), 0U);
  EXPECT_EQ(count(svg, "width=\"448.00\""), 64U);  // Every row of cells is one rectangle.
}

// The scale beside the map has one cell of each of the two strongest colours.
TEST(ErrorHeatMap, ShowsTheSignOfTheLargestErrorOfACell) {
  std::vector<std::int32_t> errors(kPairs);
  errors[0] = 9;  // Both in the first cell of the first row: a = -128, b = -128 and -127.
  errors[1] = -100;
  errors[kPairs - 1] = 100;
  const std::string svg = error_heat_map("two", errors);
  EXPECT_EQ(count(svg, "fill=\"#a50f15\""), 2U);
  EXPECT_EQ(count(svg, "fill=\"#084594\""), 2U);
  EXPECT_NE(svg.find("x=\"80.00\" y=\"471.00\" width=\"7.00\" height=\"7.00\" fill=\"#084594\""),
            std::string::npos);  // Lower left.
}

TEST(ErrorHeatMap, RefusesAnotherNumberOfErrors) {
  EXPECT_THROW(error_heat_map("few", std::vector<std::int32_t>(3)), std::invalid_argument);
}

TEST(ErrorHistogram, HasABarForEveryErrorThatOccurs) {
  const std::string svg = error_histogram("three", std::vector<std::int32_t>{-3, 0, 0, 5});
  EXPECT_EQ(count(svg, " pairs, "), 3U);
  EXPECT_NE(svg.find("0 to 0 LSB: 2 pairs, 50.000 %"), std::string::npos);
}

TEST(ErrorHistogram, GathersManyErrorsInEqualRanges) {
  std::vector<std::int32_t> errors;
  for (int error = -5000; error < 5000; ++error) errors.push_back(error);
  const std::string svg = error_histogram("many", errors);
  EXPECT_LE(count(svg, " pairs, "), 61U);
  EXPECT_NE(svg.find("-5000 to -4837 LSB: 164 pairs"), std::string::npos);
  EXPECT_THROW(error_histogram("none", {}), std::invalid_argument);
}

TEST(ErrorCostScatter, DrawsEveryPointAndNamesTheFront) {
  const std::vector<ScatterPoint> points = {
      {"exact", 90, 0, true}, {"good", 50, 10, true}, {"bad", 60, 100, false}};
  const std::string svg = error_cost_scatter(points, "LUT", "MAE");
  EXPECT_EQ(count(svg, "</title></circle>"), 3U);
  EXPECT_EQ(count(svg, ">good<"), 1U);
  EXPECT_EQ(count(svg, ">bad<"), 0U);
}

TEST(ErrorCostScatter, OfExactCircuitsAlone) {
  const std::vector<ScatterPoint> points = {{"exact", 90, 0, true}};
  EXPECT_EQ(count(error_cost_scatter(points, "LUT", "MAE"), "</title></circle>"), 1U);
}

}  // namespace
}  // namespace deepaxe::report
