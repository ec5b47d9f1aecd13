#include "deepaxe/frontend/circuit/writers.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

// A name under which parse_circuit takes the file for what it is.
constexpr std::pair<ExportFormat, const char*> kFiles[] = {
    {ExportFormat::kNpy, "mul8s_x.npy"},
    {ExportFormat::kTfApprox, "mul8s_x.bin"},
    {ExportFormat::kApproxTorch, "mul8s_x.txt"},
    {ExportFormat::kAdapt, "mul8s_x.h"},
    {ExportFormat::kC, "x.c"},
    {ExportFormat::kVerilog, "x.v"},
    {ExportFormat::kBlif, "x.blif"},
    {ExportFormat::kCgp, "mul8s_x.cgp"}};

TEST(Writers, WhatIsWrittenIsReadAsTheSameProducts) {
  for (const char* name : {"1KV6", "1KV9", "1L2N", "1L12", "bam(4,6)"}) {
    const arith::MultiplierPtr named = arith::find_multiplier(name);
    for (const auto& [format, file] : kFiles) {
      const Circuit read = parse_circuit(format_circuit(*named, format), file, {});
      EXPECT_EQ(arith::identity(read.table), named->multiplier.identity()) << name << ' ' << file;
    }
  }
}

TEST(Writers, TheFiguresInTheHeadingAreTheMeasuredOnes) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const arith::MultiplierPtr named = arith::find_multiplier(entry.name);
    for (const auto& [format, file] : {kFiles[4], kFiles[5], kFiles[6]}) {
      const Circuit read = parse_circuit(format_circuit(*named, format), file, {});
      EXPECT_EQ(read.claims.size(), 7U);
      for (const ClaimCheck& check : check_claims(read.claims, arith::error_stats(read.table))) {
        EXPECT_EQ(check.verdict, Verdict::kAgrees) << entry.name << ": " << describe(check);
      }
    }
  }
}

TEST(Writers, CircuitsNeedANetlist) {
  arith::NamedMultiplier named = *arith::find_multiplier("1KVP");
  named.netlist = std::nullopt;
  for (const auto& [format, file] : kFiles) {
    const bool is_circuit = format >= ExportFormat::kC;
    if (is_circuit) {
      EXPECT_THROW(format_circuit(named, format), base::InputError) << file;
    } else {
      EXPECT_NO_THROW(format_circuit(named, format)) << file;
    }
  }
}

TEST(Writers, NamesAreTheFormatsInTheirOrder) {
  const auto names = export_format_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(parse_export_format(names[i]), static_cast<ExportFormat>(i));
  }
  EXPECT_EQ(parse_export_format("pdf"), std::nullopt);
}

// Outside tools judge the exported circuits over all pairs.
class OutsideTool : public testing::Test {
 protected:
  // A folder of its own for each test: they may run at the same time.
  OutsideTool()
      : folder_(std::filesystem::path(testing::TempDir()) /
                (std::string("deepaxe_") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(folder_);
  }
  ~OutsideTool() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // Standard output of a program that must succeed; nothing if it is not there.
  static std::optional<std::string> run(const std::vector<std::string>& arguments) {
    const base::ChildResult result = base::run_program(arguments, {.seconds = 120});
    if (result.exit_code == 127) return std::nullopt;
    std::string output(reinterpret_cast<const char*>(result.output.data()), result.output.size());
    EXPECT_EQ(result.exit_code, 0) << arguments[0] << ": " << output;
    return output;
  }

  std::filesystem::path folder_;
};

// The products in the order of the table, a line each.
std::string listing(const arith::Multiplier& multiplier) {
  std::string text;
  for (const std::int16_t product : multiplier.products()) text += std::to_string(product) + '\n';
  return text;
}

TEST_F(OutsideTool, TheCompilerMakesTheSameProductsOfTheC) {
  const arith::MultiplierPtr named = arith::find_multiplier("1KX5");
  base::write_file_atomically(path("f.c"), format_circuit(*named, ExportFormat::kC));
  base::write_file_atomically(
      path("main.c"),
      "#include <stdint.h>\n#include <stdio.h>\nint16_t mul8s_1KX5(int8_t A, int8_t B);\n"
      "int main(void) {\n  for (int i = 0; i < 65536; ++i)\n"
      "    printf(\"%d\\n\", mul8s_1KX5((int8_t)(i >> 8), (int8_t)i));\n}\n");
  const auto compiled =
      run({"gcc", "-O1", "-Wall", "-Werror", "-o", path("f"), path("f.c"), path("main.c")});
  if (!compiled) GTEST_SKIP() << "no gcc";
  EXPECT_TRUE(run({path("f")}) == listing(named->multiplier));
}

TEST_F(OutsideTool, IcarusSimulatesTheSameProductsOfTheVerilog) {
  const arith::MultiplierPtr named = arith::find_multiplier("1KX5");
  base::write_file_atomically(path("f.v"), format_circuit(*named, ExportFormat::kVerilog));
  base::write_file_atomically(
      path("bench.v"),
      "module bench;\n  reg [7:0] a, b;\n  wire signed [15:0] y;\n  integer i;\n"
      "  mul8s_1KX5 dut(a, b, y);\n  initial for (i = 0; i < 65536; i = i + 1) begin\n"
      "    {a, b} = i; #1 $display(\"%0d\", y);\n  end\nendmodule\n");
  const auto compiled = run({"iverilog", "-o", path("f.vvp"), path("f.v"), path("bench.v")});
  if (!compiled) GTEST_SKIP() << "no iverilog";
  EXPECT_TRUE(run({"vvp", path("f.vvp")}) == listing(named->multiplier));
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
