#include "deepaxe/hw/hls/tool_scripts.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::hls {
namespace {

const ScriptParams kParams{.top = "net",
                           .black_boxes = {"multiply_a", "multiply_b"},
                           .part = "xc7a35tcpg236-1",
                           .clock_ns = 8};

TEST(VitisScript, NamesTopPartClockAndBlackBoxes) {
  const std::string text = vitis_script(kParams);
  for (const char* part :
       {"set_top net\n", "PART xc7a35tcpg236-1]", "CLOCK_NS 8]", "{multiply_a multiply_b}"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(VitisScript, HasNoBlackBoxWhereThereIsNone) {
  EXPECT_NE(
      vitis_script({.top = "net", .black_boxes = {}, .part = "p"}).find("foreach function {}"),
      std::string::npos);
}

TEST(Makefile, CompilesTheModelsOfBlackBoxesToo) {
  EXPECT_NE(makefile(kParams).find(
                "SOURCES = accelerator.cpp testbench.cpp multiply_a.cpp multiply_b.cpp\n"),
            std::string::npos);
}

TEST(Makefile, GivesBambuTheTopFunctionAndTheClock) {
  const std::string text = makefile(kParams);
  EXPECT_NE(text.find("--top-fname=net --clock-period=8 "), std::string::npos);
  EXPECT_EQ(text.find("TOP"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::hls
