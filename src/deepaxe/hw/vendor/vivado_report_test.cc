#include "deepaxe/hw/vendor/vivado_report.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/vendor/report_fixtures_for_test.h"

namespace deepaxe::hw::vendor {
namespace {

template <typename Parse>
std::string error_of(Parse parse) {
  try {
    parse();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Utilization, NamesOf7SeriesAndUltraScaleGiveTheSame) {
  for (const bool is_7_series : {true, false}) {
    const UtilizationReport report =
        parse_utilization(utilization_text("Routed", is_7_series, 100), "u.rpt");
    EXPECT_EQ(report.resources,
              (cost::Resources{.luts = 100, .ffs = 250, .dsps = 7, .bram_36kb = 2.5}));
    EXPECT_EQ(report.state, DesignState::kRouted);
    EXPECT_EQ(report.device, "some_part");
  }
  EXPECT_EQ(parse_utilization(utilization_text("Fully Placed", true, 1), "").state,
            DesignState::kPlaced);
}

TEST(Utilization, AMissingRowAndAWrongNumberAreNamed) {
  std::string text = utilization_text("Routed", true, 100);
  text.replace(text.find("| DSPs      |    7"), 18, "| DSPs      | 7,5 ");
  const std::string wrong = error_of([&] { parse_utilization(text, "u.rpt"); });
  EXPECT_NE(wrong.find("u.rpt: line 20: found '7,5'"), std::string::npos) << wrong;
  text.erase(text.find("| Block RAM Tile"));
  EXPECT_NE(error_of([&] { parse_utilization(text, "u.rpt"); }).find("no row"), std::string::npos);
}

TEST(Timing, TheLongestClockIsOnePeriodMinusTheSlack) {
  EXPECT_DOUBLE_EQ(parse_timing(timing_text("2.000"), "t").max_mhz(), 125);
  EXPECT_DOUBLE_EQ(parse_timing(timing_text("-10.000"), "t").max_mhz(), 50);
  EXPECT_DOUBLE_EQ(parse_timing(timing_text("2.000"), "t").achieved_ns(), 8);
  EXPECT_EQ(parse_timing("| Design State : Routed\n" + timing_text("2.000"), "t").state,
            DesignState::kRouted);
  EXPECT_EQ(parse_timing(timing_text("2.000"), "t").state, DesignState::kUnknown);
  const std::string wrong = error_of([] { parse_timing(timing_text("NA"), "t.rpt"); });
  EXPECT_NE(wrong.find("t.rpt: line 7: found 'NA'"), std::string::npos) << wrong;
  EXPECT_NE(error_of([] { parse_timing("Design Timing Summary\n", "t.rpt"); }).find("WNS(ns)"),
            std::string::npos);
}

TEST(Power, HasTotalDynamicStaticAndConfidence) {
  const PowerReport report = parse_power(power_text("0.112"), "p");
  EXPECT_DOUBLE_EQ(report.dynamic_w + report.static_w, report.total_w);
  EXPECT_EQ(report.confidence, "Low");
  EXPECT_NE(error_of([] { parse_power(power_text("lots"), "p.rpt"); }).find("p.rpt: line 3"),
            std::string::npos);
}

TEST(Cosim, GivesTheWorstOfTheLanguageThatPassed) {
  const CosimReport report = parse_cosim(cosim_text("Pass"), "c");
  EXPECT_EQ(report.language, "Verilog");
  EXPECT_EQ(report.latency_cycles, 120);
  EXPECT_EQ(report.interval_cycles, 131);
  EXPECT_NE(error_of([] { parse_cosim(cosim_text("Fail"), "c.rpt"); }).find("Verilog Fail"),
            std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::vendor
