#include "deepaxe/frontend/circuit/circuit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/arith/recognition.h"
#include "deepaxe/base/file.h"
#include "deepaxe/frontend/circuit/parse_for_test.h"
#include "deepaxe/frontend/circuit/plausibility.h"
#include "deepaxe/frontend/circuit/sign_magnitude.h"

namespace deepaxe::frontend::circuit {
namespace {

const std::filesystem::path kData =
    std::filesystem::path(DEEPAXE_SOURCE_DIR) / "../shared/data/multipliers";

Format format_of(std::string_view text, const std::string& name) {
  return recognize_format(std::as_bytes(std::span(text)), name);
}

TEST(CircuitFile, TheContentTellsTheFormatWhereTheEndingDoesNot) {
  EXPECT_EQ(format_of("\x93NUMPY...", "x"), Format::kNpy);
  EXPECT_EQ(format_of("{16,16,1,1,2,1,0}", "x"), Format::kCgp);
  EXPECT_EQ(format_of("module m; endmodule", "x"), Format::kVerilog);
  EXPECT_EQ(format_of("int f() { return 0; }", "x"), Format::kC);
  EXPECT_EQ(format_of(".model m", "x.dat"), Format::kBlif);
  EXPECT_EQ(format_of("-3 4", "x"), Format::kText);
  EXPECT_EQ(format_of("anything", "x.v.gz"), Format::kVerilog);
  EXPECT_THROW(format_of("anything", "x"), base::InputError);
}

TEST(CircuitFile, ChangedOperandsTransposeTableAndNetlist) {
  const std::string text = "int16_t f(int8_t A, int8_t B) { return A * (B & ~3); }";
  const Circuit ab = parse_text_file(text, "f.c");
  const Circuit ba = parse_text_file(text, "f.c", {.signedness = {}, .order = OperandOrder::kBa});
  for (const auto& [a, b] : {std::pair{-128, 7}, {5, 6}, {127, -1}}) {
    EXPECT_EQ(product_of(ab, a, b), product_of(ba, b, a));
  }
  EXPECT_EQ(arith::Multiplier(gate_products(ba)).identity(), arith::identity(ba.table));
}

TEST(CircuitFile, ClaimsComeFromComments) {
  const std::string body = "int16_t f(int8_t A, int8_t B) { return A * B; }\n";
  EXPECT_EQ(parse_text_file("// MAE% = 0.00 %\n" + body, "f.c").claims.size(), 1U);
  EXPECT_TRUE(parse_text_file(body, "f.c").claims.empty());
}

TEST(CircuitFile, MissingAndHugeFilesAreRefused) {
  EXPECT_THROW(read_circuit("/nowhere/x.v", {}), base::InputError);
  const auto path = std::filesystem::path(testing::TempDir()) / "huge.v";
  base::write_file_atomically(path, std::string((std::size_t{8} << 20) + 1, ' '));
  EXPECT_THROW(read_circuit(path.string(), {}), base::InputError);
  std::filesystem::remove(path);
}

// All 50 tables of EvoApproxLib, of which 13 are signed and members of our families.
TEST(CircuitFile, TheTablesOfEvoApproxLibAreReadAndRecognized) {
  if (!std::filesystem::exists(kData)) GTEST_SKIP() << "no " << kData;
  int num_signed = 0, num_unsigned = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kData)) {
    if (entry.path().extension() != ".npy") continue;
    const Circuit circuit = read_circuit(entry.path().string(), {});
    const bool is_constant = entry.path().stem() == "mul8u_TD3";  // Always 0.
    if (is_constant) {
      EXPECT_THROW(require_plausible(circuit.table, "TD3"), base::InputError);
    } else {
      EXPECT_NO_THROW(require_plausible(circuit.table, entry.path().string()));
    }
    EXPECT_EQ(nearer_reading(circuit.table), std::nullopt) << entry.path();
    const bool is_signed = circuit.table.signedness == Signedness::kSigned;
    ++(is_signed ? num_signed : num_unsigned);
    const std::string name = entry.path().stem().string();
    EXPECT_EQ(is_signed, name.starts_with("mul8s"));
    if (is_signed) {
      const auto family = arith::recognize(arith::identity(circuit.table));
      ASSERT_TRUE(family) << name;
      EXPECT_EQ(family, arith::find_multiplier(name)->family) << name;
    }
  }
  EXPECT_EQ(num_signed, 13);
  EXPECT_EQ(num_unsigned, 37);
}

TEST(CircuitFile, MayBeginWithAByteOrderMarkAndEndItsLinesWithReturns) {
  const std::string lines = "int f(int a, int b) {\r\n  return a * b;\r\n}\r\n";
  EXPECT_EQ(parse_text_file("\xEF\xBB\xBF" + lines, "mul8s_x.c").table.products,
            parse_text_file(lines, "mul8s_x.c").table.products);
}

// Of 128 * 128 two circuits make more than 16 bits hold.
TEST(CircuitFile, SignMagnitudeOverflowsAreThoseKnown) {
  if (!std::filesystem::exists(kData)) GTEST_SKIP() << "no " << kData;
  for (const auto& [name, most] : {std::pair{"mul8u_17MN", 32'896}, {"mul8u_1SX", 33'024}}) {
    const std::string file = (kData / (std::string(name) + ".npy")).string();
    const arith::ProductTable wrapped = wrap_sign_magnitude(read_circuit(file, {}).table);
    EXPECT_EQ(*std::ranges::max_element(wrapped.products), most) << name;
    EXPECT_THROW(narrow(wrapped, Overflow::kRefuse, file), base::InputError) << name;
  }
}

// mul8u_17MJ, written down from its published formula: outputs 7, 11, 12 are A5 B5, 13 is A7 B7,
// and (14, 15) add it to A6 B7 | A7 B6.
TEST(CircuitFile, APublishedCircuitAsCodeIsThePublishedTable) {
  const auto file = kData / "mul8u_17MJ.npy";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  const Circuit code = parse_text_file(
      "// MAE% = 6.53 %\n// WCE = 17793\n// EP% = 99.21 %\n// MRE% = 53.17 %\n"
      "// MSE = 29320.446e3\n"
      "uint64_t mul8u_17MJ(const uint64_t B, const uint64_t A) {\n"
      "  uint64_t m = ((A >> 5) & 1) & ((B >> 5) & 1), t = (A >> 7) & (B >> 7) & 1;\n"
      "  uint64_t c = ((B >> 7) & (A >> 6) & 1) | ((B >> 6) & (A >> 7) & 1);\n"
      "  return (m << 7) | (m << 11) | (m << 12) | (t << 13) | ((t ^ c) << 14) | ((t & c) << 15);\n"
      "}\n",
      "mul8u_17MJ.c");
  EXPECT_EQ(code.table.products, read_circuit(file.string(), {}).table.products);
  for (const ClaimCheck& check : check_claims(code.claims, arith::error_stats(code.table))) {
    EXPECT_EQ(check.verdict, Verdict::kAgrees) << describe(check);
  }
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
