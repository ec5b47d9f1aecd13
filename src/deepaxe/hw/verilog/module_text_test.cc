#include "deepaxe/hw/verilog/module_text.h"

#include <gtest/gtest.h>

#include <sstream>

namespace deepaxe::hw::verilog {
namespace {

TEST(ModuleText, InstancesHaveParametersAndPortsInOrder) {
  EXPECT_EQ(
      instance_text("rom", "weights", {{"WIDTH", "8"}}, {{"clock", "clock"}, {"word", ""}}),
      "    rom #(\n        .WIDTH(8)\n    ) weights (\n        .clock(clock), .word()\n    );\n");
  EXPECT_EQ(instance_text("core", "core", {}, {{"clock", "aclk"}}),
            "    core core (\n        .clock(aclk)\n    );\n");
}

TEST(ModuleText, LinesHaveAtMostAHundredColumns) {
  Connections many;
  for (int i = 0; i < 40; ++i) many.emplace_back("PARAMETER_" + std::to_string(i), "value");
  std::istringstream lines(instance_text("m", "i", many, many) +
                           comment_text(std::string(30, 'a') + " " + std::string(90, 'b')));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(ModuleText, HexadecimalNumbersAreTwosComplementOfThatWidth) {
  EXPECT_EQ(hex_text(-1, 8), "ff");
  EXPECT_EQ(hex_text(-1, 9), "1ff");
  EXPECT_EQ(hex_text(5, 32), "00000005");
}

}  // namespace
}  // namespace deepaxe::hw::verilog
