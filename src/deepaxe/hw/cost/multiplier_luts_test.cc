#include "deepaxe/hw/cost/multiplier_luts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/cost/lut_mapping.h"

namespace deepaxe::hw::cost {
namespace {

MultiplierLuts gates(const std::string& name) {
  return gate_level_luts(*arith::find_multiplier(name));
}

TEST(MultiplierLuts, BaselineDecidesOnlyExactMultipliers) {
  for (const Baseline baseline : {Baseline::kDsp, Baseline::kNative, Baseline::kGate}) {
    const MultiplierLuts luts = multiplier_luts(*arith::find_multiplier("1KVP"), baseline);
    EXPECT_EQ(luts.lcs, gates("1KVP").lcs);
    EXPECT_EQ(luts.dsps, 0);
  }
  for (const char* name : {"exact", "1KV6", "trunc(0)"}) {
    const arith::MultiplierPtr exact = arith::find_multiplier(name);
    EXPECT_EQ(multiplier_luts(*exact, Baseline::kDsp).lcs, 0) << name;
    EXPECT_EQ(multiplier_luts(*exact, Baseline::kDsp).dsps, 1) << name;
    EXPECT_EQ(multiplier_luts(*exact, Baseline::kGate).lcs, gates("1KV6").lcs) << name;
    EXPECT_GT(multiplier_luts(*exact, Baseline::kNative).lcs, 0) << name;
  }
}

TEST(MultiplierLuts, OnlyTheGatesOfANativeMultiplierAreScaled) {
  const MultiplierLuts native = multiplier_luts(*arith::exact_multiplier(), Baseline::kNative);
  EXPECT_EQ(native.carry_lcs, 16);  // A bit of the product each.
  EXPECT_DOUBLE_EQ(native.luts(), 16 + kLutsPerLc * (native.lcs - 16));
  const Estimate estimate = to_estimate(native);
  EXPECT_NEAR(estimate.high.luts - native.luts(), kLutsPerLcError * (native.luts() - 16), 1e-9);
  EXPECT_EQ(gates("1KV6").carry_lcs, 0);
}

TEST(MultiplierLuts, ApproximateLibraryCircuitsAreSmallerThanTheExactOne) {
  for (const arith::LibraryEntry& entry : arith::library().subspan(1)) {
    EXPECT_LT(gates(std::string(entry.name)).lcs, gates("1KV6").lcs) << entry.name;
    EXPECT_GT(gates(std::string(entry.name)).lcs, 0) << entry.name;
  }
}

TEST(MultiplierLuts, OfALibraryCircuitDoNotDependOnItsName) {
  EXPECT_EQ(gates("bam(1,3)").lcs, gates("1KVP").lcs);
  EXPECT_EQ(gates("exact").lcs, gates("1KV6").lcs);
}

// The claims of the source text and the comments: within 13 % after scaling by the ratio of the
// sums, and within 4.1 % but for the smallest circuit.
TEST(MultiplierLuts, OwnMappingIsScaledToTheMappedLibrary) {
  double sum_tool = 0, sum_own = 0;
  for (const arith::LibraryEntry& entry : arith::library()) {
    const double tool = gates(std::string(entry.name)).lcs;
    const double own = count_luts(netlist_of(*arith::find_multiplier(entry.name)));
    EXPECT_NEAR(0.804 * own, tool, (entry.name == "1L12" ? 0.13 : 0.041) * tool) << entry.name;
    sum_tool += tool;
    sum_own += own;
  }
  EXPECT_NEAR(sum_tool / sum_own, 0.804, 0.0005);
}

TEST(MultiplierLuts, OtherFamiliesAreMappedByUsAndSaySo) {
  const MultiplierLuts luts = gates("bam(4,6)");
  EXPECT_DOUBLE_EQ(luts.lcs, 0.804 * count_luts(netlist_of(*arith::find_multiplier("bam(4,6)"))));
  EXPECT_NE(luts.source.find("own 6-input LUT mapping"), std::string::npos);
  EXPECT_EQ(gates("bam(8,0)").lcs, 0);  // Always 0: no gate at all.
}

// An import of products alone, as of a table file.
arith::NamedMultiplier without_netlist() {
  arith::NamedMultiplier named = *arith::find_multiplier("1KVP");
  named.name = "mine";
  named.netlist = std::nullopt;
  named.family = std::nullopt;
  named.published = std::nullopt;
  return named;
}

// Exact by its products, it is what the baseline says, however it was written.
TEST(MultiplierLuts, AnExpandedProductSaysSoUnlessItIsExact) {
  arith::NamedMultiplier written = *arith::find_multiplier("bam(4,6)");
  written.family.reset();
  written.provenance = {{kExpandedKey, "1 * as gates"}};
  EXPECT_NE(gate_level_luts(written).source.find("its * is expanded"), std::string::npos);
  EXPECT_EQ(gate_level_luts(written).lcs, gates("bam(4,6)").lcs);
  EXPECT_EQ(gates("bam(4,6)").source.find("expanded"), std::string::npos);
  arith::NamedMultiplier exact = *arith::find_multiplier("1KV6");
  exact.provenance = written.provenance;
  EXPECT_EQ(multiplier_luts(exact, Baseline::kNative).source,
            multiplier_luts(*arith::find_multiplier("exact"), Baseline::kNative).source);
}

TEST(MultiplierLuts, ProductsAloneHaveNoCostAndTheAnswerSaysHowToGiveIt) {
  try {
    gate_level_luts(without_netlist());
    FAIL() << "a cost of nothing";
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("multiplier 'mine': cost: found products alone"),
              std::string::npos);
    EXPECT_NE(std::string(error.what()).find("--luts N"), std::string::npos);
  }
}

struct PublishedCircuit {
  double luts = 0, lcs = 0;
};

// Columns of tools/vivado_multipliers.csv by their names.
std::vector<PublishedCircuit> published_circuits() {
  std::ifstream file(std::filesystem::path(DEEPAXE_SOURCE_DIR) / "tools/vivado_multipliers.csv");
  std::vector<PublishedCircuit> circuits;
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::vector<std::string> values;
    for (std::string value; std::getline(fields, value, ',');) values.push_back(value);
    if (names.empty()) {
      names = values;
      continue;
    }
    const auto number = [&](const char* name) {
      const auto column = std::ranges::find(names, name) - names.begin();
      return std::stod(values.at(static_cast<std::size_t>(column)));
    };
    circuits.push_back({.luts = number("luts"), .lcs = number("lcs")});
  }
  return circuits;
}

// Vivado's published LUTs are the judge: least squares of the relative error, and its mean.
TEST(MultiplierLuts, AreScaledToVivadosPublishedOnes) {
  const std::vector<PublishedCircuit> circuits = published_circuits();
  ASSERT_EQ(circuits.size(), 31U);
  double sum = 0, squares = 0, error = 0, error_of_large = 0;
  for (const PublishedCircuit& each : circuits) {
    sum += each.lcs / each.luts;
    squares += std::pow(each.lcs / each.luts, 2);
  }
  EXPECT_NEAR(kLutsPerLc, sum / squares, 0.0005);
  const auto num_large = std::ranges::count_if(circuits, [](auto& c) { return c.luts >= 10; });
  for (const PublishedCircuit& each : circuits) {
    const double one = std::abs(kLutsPerLc * each.lcs / each.luts - 1);
    error += one / static_cast<double>(circuits.size());
    if (each.luts >= 10) error_of_large += one / static_cast<double>(num_large);
  }
  EXPECT_NEAR(kLutsPerLcError, error, 0.0005);
  EXPECT_NEAR(0.077, error_of_large, 0.0005);
  EXPECT_EQ(luts_per_lc_text(), "0.957 x LC +- 9.8 %");
}

TEST(MultiplierLuts, AGivenFigureIsTakenAsLuts) {
  arith::NamedMultiplier mine = without_netlist();
  mine.given_luts = 50;
  const MultiplierLuts luts = gate_level_luts(mine);
  EXPECT_DOUBLE_EQ(luts.lcs * kLutsPerLc, 50);
  EXPECT_NE(luts.source.find("as given at import"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::hw::cost
