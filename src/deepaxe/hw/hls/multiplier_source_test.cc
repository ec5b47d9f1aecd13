#include "deepaxe/hw/hls/multiplier_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "deepaxe/base/child.h"
#include "deepaxe/hw/hls/fixed_source.h"

namespace deepaxe::hw::hls {
namespace {

namespace fs = std::filesystem;

// A program that exits with the number (at most 100) of the first circuit whose gate function and
// product table differ in any of the 65,536 pairs, and with 0 if there is none.
std::string comparison_program() {
  SourceWriter out;
  std::string calls;
  int number = 0;
  for (const arith::LibraryEntry& entry : arith::library()) {
    const auto multiplier = arith::find_multiplier(entry.name);
    const std::string name(entry.name);
    write_gate_function(out, "gates_" + name, netlist_of(*multiplier));
    write_table_function(out, "table_" + name, multiplier->multiplier);
    calls += "      if (gates_" + name + "(x, w) != table_" + name + "(x, w)) return " +
             std::to_string(++number) + ";\n";
  }
  return "#include <cstdint>\n" + std::string(kMultiplierHelpers) + out.text() +
         "int main() {\n  for (int a = -128; a < 128; ++a) {\n    for (int b = -128; b < 128; ++b) "
         "{\n      const std::int8_t x = static_cast<std::int8_t>(a);\n      const std::int8_t w = "
         "static_cast<std::int8_t>(b);\n" +
         calls + "    }\n  }\n  return 0;\n}\n";
}

TEST(MultiplierSource, GatesAndTableOfEveryCircuitGiveTheSame65536Products) {
  const fs::path source =
      fs::temp_directory_path() / ("deepaxe_gates_" + std::to_string(::getpid()) + ".cpp");
  const fs::path program = fs::path(source).replace_extension("out");
  std::ofstream(source) << comparison_program();
  const auto compiled = base::run_program({"g++", "-std=c++14", "-O1", "-Wall", "-Wextra",
                                           "-Werror", source.string(), "-o", program.string()},
                                          {.seconds = 120});
  ASSERT_EQ(compiled.exit_code, 0)
      << std::string(reinterpret_cast<const char*>(compiled.output.data()), compiled.output.size());
  EXPECT_EQ(base::run_program({program.string()}, {}).exit_code, 0);
  fs::remove(source);
  fs::remove(program);
}

MultiplierSet make_set(const std::vector<arith::MultiplierPtr>& multipliers,
                       const HlsParams& params) {
  std::vector<const arith::NamedMultiplier*> pointers;
  pointers.reserve(multipliers.size());
  for (const auto& multiplier : multipliers) pointers.push_back(multiplier.get());
  return {pointers, params};
}

TEST(MultiplierSet, EqualCircuitsShareOneFunctionWhateverTheirNames) {
  const std::vector multipliers{arith::find_multiplier("1KVP"), arith::find_multiplier("bam(1,3)"),
                                arith::find_multiplier("exact"), arith::find_multiplier("1KV6")};
  const MultiplierSet set = make_set(multipliers, {});
  EXPECT_EQ(set.function_of(0), "multiply_1KVP");
  EXPECT_EQ(set.function_of(1), set.function_of(0));
  EXPECT_EQ(set.function_of(3), set.function_of(2));
  EXPECT_EQ(set.describe(0), "1KVP = bam(1,3), as gates");
  EXPECT_NE(set.describe(3).find("as operator"), std::string::npos);
}

TEST(MultiplierSet, FormFollowsTheParametersAndTheMultipliersOwnEntryWins) {
  const std::vector multipliers{arith::find_multiplier("1KVP"), arith::find_multiplier("1KV9"),
                                arith::find_multiplier("exact")};
  const MultiplierSet set = make_set(multipliers, {.form = MultiplierForm::kTable,
                                                   .form_of = {{"1KV9", MultiplierForm::kGates}},
                                                   .exact_as_operator = false});
  EXPECT_NE(set.describe(0).find("as table"), std::string::npos);
  EXPECT_NE(set.describe(1).find("as gates"), std::string::npos);
  EXPECT_NE(set.describe(2).find("as table"), std::string::npos);
}

TEST(MultiplierSet, AMultiplierWithoutANetlistBecomesATable) {
  arith::NamedMultiplier imported{.name = "mine",
                                  .multiplier = arith::find_multiplier("1KVP")->multiplier,
                                  .netlist = {},
                                  .family = {},
                                  .published = {},
                                  .given_luts = {}};
  const std::vector<const arith::NamedMultiplier*> pointers{&imported};
  EXPECT_EQ(MultiplierSet(pointers, {}).describe(0), "mine, as table");
}

TEST(MultiplierSet, RefusesANetlistThatIsAnotherCircuitThanTheTable) {
  arith::NamedMultiplier wrong{.name = "wrong",
                               .multiplier = arith::find_multiplier("1KVP")->multiplier,
                               .netlist = arith::find_multiplier("1KV9")->netlist,
                               .family = {},
                               .published = {},
                               .given_luts = {}};
  const std::vector<const arith::NamedMultiplier*> pointers{&wrong};
  EXPECT_THROW(MultiplierSet(pointers, {}), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::hw::hls
