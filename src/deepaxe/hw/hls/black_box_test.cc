#include "deepaxe/hw/hls/black_box.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "deepaxe/arith/library.h"

namespace deepaxe::hw::hls {
namespace {

const arith::Netlist& netlist() { return *arith::find_multiplier("1KVP")->netlist; }

TEST(BlackBox, FunctionModuleAndDescriptionHaveOneName) {
  const auto json = nlohmann::json::parse(black_box_description("multiply_x"));
  EXPECT_EQ(json["c_function_name"], "multiply_x");
  EXPECT_EQ(json["rtl_top_module_name"], "multiply_x");
  EXPECT_NE(black_box_module("multiply_x", netlist()).find("\nmodule multiply_x ("),
            std::string::npos);
  EXPECT_NE(black_box_model("multiply_x", netlist()).find("std::int16_t multiply_x(std::int8_t a"),
            std::string::npos);
}

TEST(BlackBox, NoPlaceholderIsLeft) {
  for (const std::string& text :
       {black_box_module("f", netlist()), black_box_model("f", netlist())}) {
    EXPECT_EQ(text.find("NAME"), std::string::npos);
  }
}

// A name that holds the placeholder is put in once, not again and again.
TEST(BlackBox, ANameMayContainThePlaceholder) {
  EXPECT_NE(black_box_module("multiply_NAME", netlist()).find("module multiply_NAME ("),
            std::string::npos);
}

TEST(BlackBox, DescriptionIsAPipelineOfOneProductACycle) {
  const auto json = nlohmann::json::parse(black_box_description("f"));
  EXPECT_EQ(json["rtl_performance"]["II"], "1");
  EXPECT_EQ(json["rtl_performance"]["latency"], "1");
  EXPECT_EQ(json["c_parameters"].size(), 2U);
  EXPECT_EQ(json["c_parameters"][0]["c_port_direction"], "in");
}

}  // namespace
}  // namespace deepaxe::hw::hls
