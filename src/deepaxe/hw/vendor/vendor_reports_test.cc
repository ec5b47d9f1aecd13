#include "deepaxe/hw/vendor/vendor_reports.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/vendor/report_fixtures_for_test.h"

namespace deepaxe::hw::vendor {
namespace {

class VendorReportsTest : public ::testing::Test {
 protected:
  VendorReportsTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("deepaxe-vendor-" + std::to_string(getpid()) + test->name());
    std::filesystem::create_directories(folder_ / "impl");
  }
  ~VendorReportsTest() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    base::write_file_atomically(folder_ / name, text);
  }
  std::string error() {
    try {
      read_vendor_reports(folder_);
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "accepted";
  }
  std::filesystem::path folder_;
};

TEST_F(VendorReportsTest, TheFurthestStateOfADesignCounts) {
  write("synth.rpt", utilization_text("Synthesized", true, 900));
  write("impl/routed.rpt", utilization_text("Routed", true, 800));
  write("impl/placed.rpt", utilization_text("Fully Placed", true, 850));
  write("notes.txt", "not a report");
  const VendorReports reports = read_vendor_reports(folder_);
  EXPECT_EQ(reports.resources().luts, 800);
  EXPECT_NE(reports.resources_source().find("routed"), std::string::npos);
  EXPECT_FALSE(reports.timing);
}

TEST_F(VendorReportsTest, AreToldApartByContent) {
  write("a.rpt", utilization_text("Routed", true, 800));
  write("b.rpt", timing_text("1.000"));
  write("c.rpt", power_text("0.112"));
  write("d.rpt", cosim_text("Pass"));
  const VendorReports reports = read_vendor_reports(folder_);
  EXPECT_TRUE(reports.timing && reports.power && reports.cosim && !reports.hls);
}

TEST_F(VendorReportsTest, ACsynthReportIsOneUnderAnyName) {
  write("a.xml", hls_text("DSP", "5000"));
  write("component.xml", "<spirit:component><spirit:name>net</spirit:name></spirit:component>");
  write("net.xpr.xml", "<Project Version=\"7\"><Configuration></Project>");
  write("net.rpt.xml", "<profile><section name=\"HLS report\"/></profile>");
  EXPECT_EQ(read_vendor_reports(folder_).hls->file.filename(), "a.xml");
  write("b.xml", hls_text("DSP", "5000"));
  EXPECT_NE(error().find("b.xml: found a report like"), std::string::npos) << error();
  write("b.xml", hls_text("DSP", "5000").substr(0, 300));
  EXPECT_NE(error().find("b.xml: byte"), std::string::npos) << error();
}

TEST_F(VendorReportsTest, ReportsOfFunctionsAndFoldersOfTheToolGiveWay) {
  std::filesystem::create_directories(folder_ / ".autopilot");
  for (const char* name :
       {".autopilot/net.xml", "a_csynth.xml", "b_csynth.xml", "net_csynth.xml"}) {
    write(name, hls_text("DSP", "70"));
  }
  EXPECT_NE(error().find("b_csynth.xml: found a report like"), std::string::npos) << error();
  write("csynth.xml", hls_text("DSP", "5000"));
  EXPECT_EQ(read_vendor_reports(folder_).hls->report.latency_cycles, 5000);
}

TEST_F(VendorReportsTest, TheDeviceIsThatOfTheResources) {
  write("csynth.xml", hls_text("DSP", "5000"));
  EXPECT_EQ(read_vendor_reports(folder_).device(), "xc7s100-x");
  write("u.rpt", utilization_text("Routed", true, 800));
  EXPECT_EQ(read_vendor_reports(folder_).device(), "some_part");
}

TEST_F(VendorReportsTest, CyclesAndClockAreThoseOfTheLaterTool) {
  write("u.rpt", utilization_text("Routed", true, 800));
  EXPECT_FALSE(read_vendor_reports(folder_).cycles() || read_vendor_reports(folder_).clock_ns());
  write("csynth.xml", hls_text("DSP", "5000"));
  VendorReports reports = read_vendor_reports(folder_);
  EXPECT_EQ(reports.cycles()->value, 5000);
  EXPECT_EQ(reports.clock_ns()->value, 7.5);
  write("c.rpt", cosim_text("Pass"));
  write("t.rpt", "| Design State : Routed\n" + timing_text("1.000"));
  reports = read_vendor_reports(folder_);
  EXPECT_EQ(reports.cycles()->value, 120);
  EXPECT_DOUBLE_EQ(reports.clock_ns()->value, 9);
  EXPECT_NE(reports.clock_ns()->source.find("routed"), std::string::npos);
}

TEST_F(VendorReportsTest, TwoOfAnEarlierStateAreNoMatter) {
  write("a.rpt", utilization_text("Synthesized", true, 900));
  write("b.rpt", utilization_text("Synthesized", true, 910));
  write("c.rpt", utilization_text("Routed", true, 800));
  EXPECT_EQ(read_vendor_reports(folder_).resources().luts, 800);
}

TEST_F(VendorReportsTest, TwoWithNothingToChooseBetweenAreRefused) {
  write("a.rpt", utilization_text("Routed", true, 800));
  write("b.rpt", utilization_text("Routed", true, 700));
  EXPECT_NE(error().find("b.rpt"), std::string::npos);
  EXPECT_NE(error().find("a.rpt"), std::string::npos);
}

TEST_F(VendorReportsTest, WithoutResourcesThereIsNothingToSay) {
  write("b.rpt", timing_text("1.000"));
  EXPECT_NE(error().find("no report of resources"), std::string::npos);
  write("csynth.xml", "<profile>");
  EXPECT_NE(error().find("csynth.xml: byte"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::vendor
