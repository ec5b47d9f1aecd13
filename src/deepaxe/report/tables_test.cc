#include "deepaxe/report/tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "deepaxe/report/html.h"
#include "deepaxe/report/study_fixture_test.h"

namespace deepaxe::report {
namespace {

TEST(StudyTable, DropIsAgainstTheExactDesign) {
  const StudyTable table = make_small_table();
  ASSERT_NE(table.exact(), nullptr);
  EXPECT_EQ(table.exact()->accuracy_drop, 0);
  EXPECT_NEAR(table.rows[1].accuracy_drop, 0.005, 1e-12);
  EXPECT_NEAR(table.rows[2].accuracy_drop, 0.090, 1e-12);
}

TEST(StudyTable, FrontIsOrderedByDrop) {
  const auto front = make_small_table().front();
  ASSERT_EQ(front.size(), 2U);
}

TEST(TextTable, ShowsTheFrontTheTiesAndTheGates) {
  const std::string text = text_table(make_small_table(), Rows::kFront);
  EXPECT_NE(text.find("1KVP"), std::string::npos);
  EXPECT_EQ(text.find("1KV9 "), std::string::npos);
  EXPECT_NE(text.find("exact ~ 1KVP@1-1"), std::string::npos);
  EXPECT_NE(text.find("1 stopped by --max-drop"), std::string::npos);
}

// One assignment on two schedules, tied with another: a line for each assignment.
TEST(TextTable, FoldsTheHardwareOfTiedDesigns) {
  StudyTable table = make_small_table();
  Row variant = table.rows[1];
  variant.point.key = "key of the variant";
  variant.view.key = variant.point.key;
  table.rows[0].view.tied_with = {table.rows[1].point.key, variant.point.key};
  table.rows.push_back(variant);
  const std::string text = text_table(table, Rows::kFront);
  EXPECT_NE(text.find("  exact ~ 1KVP@1-1\n  1KVP@1-1 (2 points) ~ exact\n"), std::string::npos)
      << text;
}

TEST(TextTable, ShowsNoMoreThanTwelveTiedDesigns) {
  StudyTable table = make_small_table();
  for (int i = 0; i < 20; ++i) {
    Row more = table.rows[1];
    more.point.key = more.view.key = "key " + std::to_string(i);
    more.point.assignment = "design " + std::to_string(i);
    table.rows.push_back(more);
  }
  const std::string text = text_table(table, Rows::kFront);
  EXPECT_NE(text.find("  and 10 more (tied_with of CSV and JSON has all)\n"), std::string::npos)
      << text;
}

TEST(CsvTable, NamesOtherDesignsByTheirKeys) {
  StudyTable table = make_small_table();
  table.rows[2].view.dominated_by = table.rows[1].point.key;
  const std::string& one = table.rows[0].point.key;
  const std::string& other = table.rows[1].point.key;
  table.rows[2].view.tied_with = {one, other};
  const std::string csv = csv_table(table);
  EXPECT_NE(csv.find("," + other + "," + one + " " + other + "," + table.rows[2].point.key),
            std::string::npos)
      << csv;
}

TEST(TextTable, DesignsWithoutFaultsAreNotCalledDominated) {
  StudyTable table = make_small_table();
  table.rows[2].point.status = store::PointStatus::kEvaluated;
  const std::string text = text_table(table, Rows::kAll);
  EXPECT_NE(text.find("not compared"), std::string::npos);
  EXPECT_NE(text.find("1 of 3 designs are not injected yet"), std::string::npos);
  EXPECT_EQ(text.find("dominated"), std::string::npos);
}

TEST(TextTable, SaysWhereOnlyATieDecides) {
  StudyTable table = make_small_table();
  table.rows[2].point.status = store::PointStatus::kInjected;
  table.rows[2].view.dominated_by = "key of exact";
  EXPECT_EQ(text_table(table, Rows::kAll).find("(tied)"), std::string::npos);
  table.rows[2].view.tied_with = {"key of exact"};
  EXPECT_NE(text_table(table, Rows::kAll).find("dominated (tied)"), std::string::npos);
  EXPECT_NE(text_table(table, Rows::kFront).find("1 more tie on a sampled axis"),
            std::string::npos);
}

// The small table again, its second point changed.
template <typename Change>
StudyTable table_with(Change change) {
  const StudyTable table = make_small_table();
  std::vector<store::PointRecord> points;
  store::View view{.objectives = table.objectives, .points = {}};
  for (const Row& row : table.rows) {
    points.push_back(row.point);
    view.points.push_back(row.view);
  }
  change(points[1]);
  return make_table(table.info, std::move(points), view);
}

TEST(TextTable, NamesDesignsAsTheyCanBeTypedAgain) {
  const StudyTable table =
      table_with([](store::PointRecord& point) { point.assignment = "conv1=1KVP,fc1=1KV9"; });
  EXPECT_NE(text_table(table, Rows::kFront).find("conv1=1KVP,fc1=1KV9 "), std::string::npos);
}

TEST(TextTable, NamesHardwareOnlyWhereItDiffersBetweenPoints) {
  EXPECT_EQ(text_table(make_small_table(), Rows::kAll).find("N="), std::string::npos);
  const StudyTable table = table_with([](store::PointRecord& point) {
    point.hardware.outputs = {2, 4};
    point.cost.baseline = "dsp";
  });
  EXPECT_EQ(table.rows[1].label, "1KVP@1-1 N=2,4 dsp");
  EXPECT_EQ(table.rows[0].label, "exact N=1 gate");
}

TEST(TextTable, NamesNoBaselineOfADesignWithoutExactLayers) {
  const StudyTable table =
      table_with([](store::PointRecord& point) { point.cost.baseline = store::kNoBaseline; });
  EXPECT_EQ(table.rows[0].label, "exact");
  EXPECT_EQ(table.rows[1].label, "1KVP@1-1");
  EXPECT_EQ(text_table(table, Rows::kAll).find("Exact multipliers: none"), std::string::npos);
}

TEST(TextTable, NamesScheduleAndWhichWeightsAreOutside) {
  const StudyTable table = table_with([](store::PointRecord& point) {
    point.hardware.schedule = "pipelined";
    point.hardware.weight_memory = {"rom", "external"};
  });
  EXPECT_EQ(table.rows[0].label, "exact sequential rom");
  EXPECT_EQ(table.rows[1].label, "1KVP@1-1 pipelined external:fc1");
  const std::string csv = csv_table(table);
  EXPECT_NE(csv.find(",pipelined,rom external\n"), std::string::npos) << csv;
  EXPECT_NE(html_page(table).find("pipelined external:fc1"), std::string::npos);
}

TEST(JsonTable, CarriesKeyAndHardwareOfEveryPoint) {
  const auto json = nlohmann::json::parse(json_table(make_small_table()));
  EXPECT_EQ(json["points"][0]["key"], "key of exact");
  EXPECT_EQ(json["points"][0]["outputs"], (std::vector{1, 1}));
  EXPECT_EQ(json["points"][0]["memory"], "block");
  EXPECT_EQ(json["points"][0]["schedule"], "sequential");
  EXPECT_EQ(json["points"][0]["weight_memory"], (std::vector{"rom", "rom"}));
}

TEST(TextTable, AllRowsIncludeTheGated) {
  const std::string text = text_table(make_small_table(), Rows::kAll);
  EXPECT_NE(text.find("gated: max_drop"), std::string::npos);
}

TEST(TextTable, InfeasibleDesignsNameTheResource) {
  StudyTable table = make_small_table();
  table.rows[2].point.gate = "part_bram";
  const std::string text = text_table(table, Rows::kAll);
  EXPECT_NE(text.find("infeasible: BRAM"), std::string::npos);
  EXPECT_NE(text.find("1 infeasible: the part has too little BRAM."), std::string::npos);
}

TEST(TextTable, SaysFirstIfExactMultipliersDominate) {
  StudyTable table = make_small_table();
  EXPECT_EQ(text_table(table, Rows::kFront).find("approximate designs"), std::string::npos);
  const double least = table.rows[1].point.cost.resources();
  table.info.references = {{"native", least + 1, 1e6, 0, 0, 0}, {"dsp", 0, least - 1, 5, 0, 0}};
  const std::string text = text_table(table, Rows::kFront);
  EXPECT_EQ(text.rfind("Exact multipliers (dsp) dominate 2 of 2 approximate designs", 0), 0U)
      << text;
  EXPECT_NE(text.find("exact, native"), std::string::npos);
  EXPECT_NE(html_page(table).find("(dsp) dominate"), std::string::npos);
}

// Each is one hardware's, with its cycles: a slow one dominates no fast design.
TEST(TextTable, HasTheReferencesOfEveryHardware) {
  StudyTable table = make_small_table();
  store::ReferenceCost slow{"native", 1, 1, 0, 0, 0}, fast = slow;
  slow.hardware.outputs = {1};
  slow.cycles = 1'000'000'000;
  fast.hardware.outputs = {4};
  table.info.references = {slow, fast};
  const std::string text = text_table(table, Rows::kFront);
  EXPECT_NE(text.find("exact, native N=1 "), std::string::npos) << text;
  EXPECT_NE(text.find("exact, native N=4 "), std::string::npos) << text;
  EXPECT_EQ(table.num_dominated_by(slow), 0U);
  EXPECT_EQ(table.num_dominated_by(fast), 2U);
}

// A design that is faster than the exact one is not dominated, however small that is.
TEST(StudyTable, ReferencesDominateNothingThatIsBetterSomewhere) {
  StudyTable table = make_small_table();
  store::ReferenceCost small{"dsp", 0, 0, 5, 0, 0};
  small.cycles = table.exact()->point.cost.cycles;
  EXPECT_EQ(table.num_dominated_by(small), 2U);
  table.rows[1].point.cost.cycles = table.exact()->point.cost.cycles - 1;
  EXPECT_EQ(table.num_dominated_by(small), 1U);
  table.rows[2].accuracy_drop = -0.01;
  EXPECT_EQ(table.num_dominated_by(small), 0U);
}

TEST(CsvTable, EveryLineHasAsManyFieldsAsTheHeader) {
  std::istringstream lines(csv_table(make_small_table()));
  std::string line;
  std::getline(lines, line);
  const auto fields = std::count(line.begin(), line.end(), ',');
  int rows = 0;
  while (std::getline(lines, line)) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), fields) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 3);
}

TEST(JsonTable, GivesFractionsThatAgreeWithTheCounts) {
  const auto json = nlohmann::json::parse(json_table(make_small_table()));
  ASSERT_EQ(json["points"].size(), 3U);
  for (const auto& point : json["points"]) {
    EXPECT_DOUBLE_EQ(point["accuracy"].get<double>(),
                     point["correct"].get<double>() / point["images"].get<double>());
  }
  EXPECT_EQ(json["points"][0]["tied_with"][0], json["points"][1]["key"]);
  EXPECT_DOUBLE_EQ(json["points"][0]["faults"]["sdc_rate"].get<double>(), 4.0 / 1600);
  EXPECT_EQ(json["points"][2]["gate"]["name"], "max_drop");
}

TEST(HtmlPage, IsSelfContainedAndEscapesNames) {
  const std::string page = html_page(make_small_table());
  EXPECT_NE(page.find("net &lt;1&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("href="), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos);
  EXPECT_NE(page.find("<svg"), std::string::npos);
}

TEST(HtmlPage, NamesThePointsAndHasTheExactReferences) {
  StudyTable table = make_small_table();
  table.info.references = {{.baseline = "native"}, {.baseline = "dsp"}};
  const std::string page = html_page(table);
  for (const Row& row : table.rows) {
    EXPECT_NE(page.find("<code>" + row.point.key.substr(0, 8) + "</code>"), std::string::npos);
  }
  ASSERT_NE(table.exact(), nullptr);
  for (const char* name : {">exact, native<", ">exact, dsp<", ">uJ an image<", ">MHz<"}) {
    EXPECT_NE(page.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace deepaxe::report
