#include "deepaxe/hw/synthesis/synthesis.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::synthesis {
namespace {

Unit unit_of(const std::string& text) {
  return {.what = "module m", .top = "m", .files = {{"m.v", text}}};
}

std::string error_of(const Unit& unit, double seconds) {
  try {
    run_yosys(unit, seconds);
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Synthesis, KeyDependsOnToolCommandsNamesAndContent) {
  const Unit unit = unit_of("module m; endmodule\n");
  const std::string key = content_key(unit, "yosys 1");
  EXPECT_EQ(content_key(unit, "yosys 1"), key);
  EXPECT_NE(content_key(unit, "yosys 2"), key);
  EXPECT_NE(content_key(unit_of("module m; endmodule \n"), "yosys 1"), key);
  Unit without_dsps = unit;
  without_dsps.uses_dsps = false;
  EXPECT_NE(content_key(without_dsps, "yosys 1"), key);
}

// A register of n bits is n flip-flops; an AND of 6 is one LUT.
TEST(Synthesis, CountsWhatCanBeCountedByHand) {
  if (find_yosys().empty()) GTEST_SKIP() << "no yosys";
  const CellCounts counts =
      run_yosys(unit_of("module m(input c, input [4:0] d, output reg [4:0] q, output y);\n"
                        "always @(posedge c) q <= d;\nassign y = ^d & c;\nendmodule\n"),
                120);
  EXPECT_EQ(counts.count("FDRE"), 5);
  EXPECT_EQ(counts.count("LUT6"), 1);
  EXPECT_EQ(counts.lcs, 1);
}

TEST(Synthesis, AFailureShowsTheLastLines) {
  if (find_yosys().empty()) GTEST_SKIP() << "no yosys";
  const std::string text = error_of(unit_of("module m(input a; endmodule\n"), 120);
  EXPECT_NE(text.find("yosys: module m"), std::string::npos) << text;
  EXPECT_NE(text.find("syntax error"), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST(Synthesis, IsStoppedAtItsTimeLimit) {
  if (find_yosys().empty()) GTEST_SKIP() << "no yosys";
  const std::string text =
      error_of(unit_of("module m(input a, output y); assign y = a; endmodule\n"), 0.01);
  EXPECT_NE(text.find("no end within 0.01 s"), std::string::npos) << text;
}

}  // namespace
}  // namespace deepaxe::hw::synthesis
