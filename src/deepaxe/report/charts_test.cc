#include "deepaxe/report/charts.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "deepaxe/report/study_fixture_test.h"

namespace deepaxe::report {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(ScatterChart, DrawsEveryPointThatHasBothQuantities) {
  const StudyTable table = make_small_table();
  // A data point has a tooltip with its accuracy; legend circles have none.
  EXPECT_EQ(
      count(scatter_chart(table, Quantity::kUtilization, Quantity::kAccuracyDrop), ": accuracy "),
      3U);
  EXPECT_EQ(count(scatter_chart(table, Quantity::kUtilization, Quantity::kSdcRate), ": accuracy "),
            2U);
}

TEST(BarChart, HasABarForEachFrontPointInEachPanel) {
  EXPECT_EQ(count(bar_chart(make_small_table()), "</title></rect>"), 2U * 5U);
}

TEST(BarChart, AStudyWithoutAFrontGivesAnEmptyDrawing) {
  StudyTable table = make_small_table();
  for (Row& row : table.rows) row.view.on_front = false;
  EXPECT_EQ(count(bar_chart(table), "</title></rect>"), 0U);
}

TEST(VulnerabilityMap, SaysWhereThereIsNotEnoughData) {
  const StudyTable table = make_small_table();
  const std::string svg = vulnerability_map(table, table.rows[0]);
  EXPECT_EQ(count(svg, ">n/a<"), 1U);
  EXPECT_EQ(count(svg, " %<"), 15U);
  EXPECT_NE(vulnerability_map(table, table.rows[2]).find("not injected"), std::string::npos);
}

TEST(VulnerabilityMap, WeighsClassesOfImagesByTheirSizes) {
  StudyTable table = make_small_table();
  table.info.options = R"({"image_class_sizes":[100,900]})";
  store::FaultRecord faults = make_faults(4);
  faults.by_tensor_bit.assign(32, store::OutcomeCounts{50});
  faults.by_tensor_bit[30] = {25, 0, 25, 0, 0, 0, 0, 0};  // Half of the pairs of a tenth.
  table.rows[0].point.faults = faults;
  const std::string svg = vulnerability_map(table, table.rows[0]);
  EXPECT_EQ(count(svg, ">5.000 %<"), 1U);
  EXPECT_EQ(count(svg, ">0.000 %<"), 15U);
}

}  // namespace
}  // namespace deepaxe::report
