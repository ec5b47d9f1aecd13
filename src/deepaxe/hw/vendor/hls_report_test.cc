#include "deepaxe/hw/vendor/hls_report.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::vendor {
namespace {

// Written for this test after the elements that UG902 and UG1399 name.
std::string report(const std::string& dsp_name, const std::string& latency) {
  return "<?xml version=\"1.0\"?>\n<profile><ReportVersion><Version>1.2</Version></ReportVersion>"
         "<UserAssignments><Part>xc7s100-x</Part><TopModelName>net</TopModelName>"
         "<TargetClockPeriod>10.00</TargetClockPeriod></UserAssignments>"
         "<PerformanceEstimates><SummaryOfTimingAnalysis><EstimatedClockPeriod>7.5"
         "</EstimatedClockPeriod></SummaryOfTimingAnalysis><SummaryOfOverallLatency>"
         "<Worst-caseLatency>" +
         latency + "</Worst-caseLatency><Interval-max>" + latency +
         "</Interval-max></SummaryOfOverallLatency></PerformanceEstimates>"
         "<AreaEstimates><Resources><BRAM_18K>3</BRAM_18K><" +
         dsp_name + ">4</" + dsp_name +
         "><FF>200</FF><LUT>300</LUT></Resources></AreaEstimates></profile>\n";
}

std::string error_of(const std::string& text) {
  try {
    parse_hls_report(text, "csynth.xml");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(HlsReport, IsTheSameFromVivadoHlsAndVitisHls) {
  for (const char* dsp_name : {"DSP48E", "DSP"}) {
    const HlsReport read = parse_hls_report(report(dsp_name, "5000"), "f");
    EXPECT_EQ(read.resources,
              (cost::Resources{.luts = 300, .ffs = 200, .dsps = 4, .bram_36kb = 1.5}));
    EXPECT_EQ(read.latency_cycles, 5000);
    EXPECT_EQ(read.interval_cycles, 5000);
    EXPECT_EQ(read.top, "net");
    EXPECT_EQ(read.estimated_clock_ns, 7.5);
  }
}

TEST(HlsReport, ALatencyThatTheToolDoesNotKnowIsNone) {
  for (const char* unknown : {"?", "undef", ""}) {
    EXPECT_FALSE(parse_hls_report(report("DSP", unknown), "f").latency_cycles) << unknown;
  }
}

TEST(HlsReport, AnElementThatIsMissingOrNoNumberIsNamedByItsPath) {
  EXPECT_NE(error_of(report("DSP58", "1")).find("csynth.xml: profile/AreaEstimates/Resources/DSP"),
            std::string::npos);
  EXPECT_NE(error_of(report("DSP", "many")).find("Worst-caseLatency: found 'many'"),
            std::string::npos);
}

TEST(HlsReport, EveryCutIsRefused) {
  const std::string whole = report("DSP", "5000");
  for (std::size_t size = 0; size + 11 < whole.size(); size += 7) {
    EXPECT_EQ(error_of(whole.substr(0, size)).find("csynth.xml"), 0U) << size;
  }
  EXPECT_NE(error_of("<html/>").find("found <html>"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::vendor
