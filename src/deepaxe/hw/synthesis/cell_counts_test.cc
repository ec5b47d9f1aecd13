#include "deepaxe/hw/synthesis/cell_counts.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/cost/hardware_params.h"

namespace deepaxe::hw::synthesis {
namespace {

const char* const kStatistics =
    "=== other ===\n   Number of cells:  1\n     LUT1   1\n   Estimated number of LCs:   1\n"
    "=== m ===\n   Number of wires:                310\n   Number of cells:                9\n"
    "     CARRY4                         52\n     DSP48E1                         1\n"
    "     FDRE                          222\n     FDSE                           20\n"
    "     INV                            63\n     LUT2                           80\n"
    "     LUT6                           16\n     RAMB18E1                        3\n"
    "     SRL16E                          2\n     multiply_exact                  1\n\n"
    "   Estimated number of LCs:         70\n\n";

TEST(CellCounts, AreThoseOfTheLastModule) {
  const CellCounts counts = parse_statistics(kStatistics, "yosys");
  EXPECT_EQ(counts.lcs, 70);
  EXPECT_EQ(counts.count("LUT2"), 80);
  EXPECT_EQ(counts.count("LUT1"), 0);
  EXPECT_THROW(parse_statistics("ERROR: no module\n", "yosys"), base::InputError);
}

TEST(CellCounts, TextIsReadBackAndEveryDamageIsRefusedWithItsLine) {
  const CellCounts counts = parse_statistics(kStatistics, "yosys");
  const std::string text = to_text(counts);
  EXPECT_EQ(parse_counts(text, "f"), counts);
  for (const std::string& damaged : {std::string(), text.substr(4), "LCS x\n" + text.substr(7),
                                     text + "LUT6\n", text + "A -1\n"}) {
    try {
      parse_counts(damaged, "f");
      FAIL() << damaged;
    } catch (const base::InputError& error) {
      EXPECT_EQ(std::string(error.what()).rfind("f: line ", 0), 0U) << error.what();
    }
  }
}

TEST(CellCounts, EveryLutInverterAndShiftRegisterIsALutAndLcsAreTheLowEnd) {
  const cost::Estimate estimate = to_estimate(parse_statistics(kStatistics, "yosys"));
  EXPECT_EQ(estimate.value.luts, 80 + 16 + 63 + 2);
  EXPECT_EQ(estimate.low.luts, 70 + 2);
  EXPECT_EQ(estimate.high, estimate.value);
  EXPECT_EQ(estimate.value.ffs, 242);
  EXPECT_EQ(estimate.value.bram_36kb, 1.5);
  EXPECT_EQ(estimate.value.dsps, 1);
}

TEST(CellCounts, CircuitsOfGatesAreScaledFromLcs) {
  const cost::Estimate estimate = to_multiplier_estimate({.cells = {{"LUT6", 90}}, .lcs = 100});
  EXPECT_DOUBLE_EQ(estimate.value.luts, 100 * cost::kLutsPerLc);
  EXPECT_DOUBLE_EQ(estimate.low.luts, estimate.value.luts * (1 - cost::kLutsPerLcError));
  EXPECT_DOUBLE_EQ(estimate.high.luts, estimate.value.luts * (1 + cost::kLutsPerLcError));
}

TEST(CellCounts, LogicCellsOfCarryChainsAreNeitherScaledNorUncertain) {
  const auto luts_of = [](int lcs, int chains) {
    return to_multiplier_estimate({.cells = {{"CARRY4", chains}}, .lcs = lcs});
  };
  const cost::Estimate gates = luts_of(80, 0), both = luts_of(96, 4), chain = luts_of(16, 4);
  EXPECT_EQ(chain.value.luts, 16);
  EXPECT_EQ(chain.low, chain.high);
  EXPECT_DOUBLE_EQ(both.value.luts, gates.value.luts + 16);
  EXPECT_DOUBLE_EQ(both.high.luts - both.low.luts, gates.high.luts - gates.low.luts);
}

}  // namespace
}  // namespace deepaxe::hw::synthesis
