#include "deepaxe/hw/vendor/hls_report.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/vendor/report_fixtures_for_test.h"

namespace deepaxe::hw::vendor {
namespace {

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
    const HlsReport read = parse_hls_report(hls_text(dsp_name, "5000"), "f");
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
    EXPECT_FALSE(parse_hls_report(hls_text("DSP", unknown), "f").latency_cycles) << unknown;
  }
}

TEST(HlsReport, AnElementThatIsMissingOrNoNumberIsNamedByItsPath) {
  EXPECT_NE(
      error_of(hls_text("DSP58", "1")).find("csynth.xml: profile/AreaEstimates/Resources/DSP"),
      std::string::npos);
  EXPECT_NE(error_of(hls_text("DSP", "many")).find("Worst-caseLatency: found 'many'"),
            std::string::npos);
}

TEST(HlsReport, APeriodThatIsNoFiniteNumberIsRefused) {
  for (const char* wrong : {"inf", "nan", "-1", "7.5 ns"}) {
    std::string text = hls_text("DSP", "1");
    text.replace(text.find(">7.5<") + 1, 3, wrong);
    EXPECT_NE(error_of(text).find("EstimatedClockPeriod: found"), std::string::npos) << wrong;
  }
}

TEST(HlsReport, EveryCutIsRefused) {
  const std::string whole = hls_text("DSP", "5000");
  for (std::size_t size = 0; size + 11 < whole.size(); size += 7) {
    EXPECT_EQ(error_of(whole.substr(0, size)).find("csynth.xml"), 0U) << size;
  }
  EXPECT_NE(error_of("<html/>").find("found <html>"), std::string::npos);
}

TEST(HlsReport, IsKnownByItsRootAndSections) {
  const std::string whole = hls_text("DSP", "5000");
  EXPECT_TRUE(is_hls_report(whole));
  EXPECT_TRUE(is_hls_report(whole.substr(0, whole.size() / 2)));
  for (const char* other : {"", "text", "<component/>", "<profile><section name=\"x\"/></profile>",
                            "<a><profile><AreaEstimates/></profile></a>"}) {
    EXPECT_FALSE(is_hls_report(other)) << other;
  }
}

}  // namespace
}  // namespace deepaxe::hw::vendor
