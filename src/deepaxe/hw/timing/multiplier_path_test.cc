#include "deepaxe/hw/timing/multiplier_path.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "deepaxe/arith/netlist_verilog.h"
#include "deepaxe/base/child.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/hw/cost/lut_mapping.h"

namespace deepaxe::hw::timing {
namespace {

using cost::Baseline;

int levels_of(std::string_view name) {
  return multiplier_path(*arith::find_multiplier(name), Baseline::kGate)->lut_levels;
}

TEST(MultiplierPath, HasFewerLevelsThanGates) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const int gates = depth(netlist_of(*arith::find_multiplier(entry.name)));
    EXPECT_GT(levels_of(entry.name), 0) << entry.name;
    EXPECT_LT(levels_of(entry.name), gates) << entry.name;
  }
}

TEST(MultiplierPath, WhatDropsRowsAndColumnsIsNoDeeper) {
  EXPECT_LE(levels_of("bam(0,3)"), levels_of("bam(0,0)"));
  EXPECT_LE(levels_of("bam(1,3)"), levels_of("bam(0,3)"));
  EXPECT_LT(levels_of("1L12"), levels_of("1KV6"));
}

TEST(MultiplierPath, AnExactOneIsWhatTheBaselineSays) {
  const auto exact = arith::exact_multiplier();
  EXPECT_EQ(multiplier_path(*exact, Baseline::kGate)->lut_levels, levels_of("1KV6"));
  EXPECT_GT(multiplier_path(*exact, Baseline::kNative)->carry_bits, 0);
  EXPECT_GT(multiplier_path(*exact, Baseline::kDsp)->block_ns, 0);
}

TEST(MultiplierPath, WithoutANetlistThereIsNone) {
  arith::NamedMultiplier bare = *arith::find_multiplier("1KVP");
  bare.netlist.reset();
  EXPECT_FALSE(multiplier_path(bare, Baseline::kGate).has_value());
}

// Levels by yosys of its own mapping: "Longest topological path in m (length=9)".
int yosys_levels(const arith::Netlist& netlist) {
  const base::ScratchFolder folder("deepaxe-levels");
  const std::string file = (folder.path() / "m.v").string();
  std::ofstream(file) << arith::to_verilog(netlist, "m");
  const base::ChildResult result = base::run_program(
      {"yosys", "-Q", "-T", "-p",
       "read_verilog " + file +
           "; synth_xilinx -family xc7 -nowidelut -noiopad -nodsp -flatten -top m; ltp -noff"},
      {.seconds = 300});
  const std::string text(reinterpret_cast<const char*>(result.output.data()), result.output.size());
  const std::string mark = "Longest topological path in m (length=";
  const std::size_t place = text.find(mark);
  return place == std::string::npos ? 0 : std::stoi(text.substr(place + mark.size()));
}

TEST(MultiplierPath, IsWithinTwoLevelsOfYosys) {
  if (base::run_program({"yosys", "-V"}, {.seconds = 20}).exit_code != 0) {
    GTEST_SKIP() << "no yosys";
  }
  for (const char* name : {"1KV6", "1L12"}) {
    EXPECT_NEAR(levels_of(name), yosys_levels(netlist_of(*arith::find_multiplier(name))), 2)
        << name;
  }
}

}  // namespace
}  // namespace deepaxe::hw::timing
