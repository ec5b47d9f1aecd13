// Every library multiplier, and the first, middle and last member of every family, in all forms:
// table, netlist, generated Verilog in a simulator, exported C as g++ compiles it; all 65,536
// pairs. DEEPAXE_TEST_ALL_MULTIPLIERS=1: every member of every family.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/family.h"
#include "deepaxe/arith/library.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/base/tool.h"
#include "deepaxe/frontend/circuit/writers.h"
#include "deepaxe/hw/verilog/multiplier_modules.h"

namespace deepaxe {
namespace {

std::vector<arith::Family> tested_members(const arith::FamilyInfo& family) {
  const std::vector<arith::Family> members = arith::all_members(family);
  if (std::getenv("DEEPAXE_TEST_ALL_MULTIPLIERS") != nullptr) return members;
  std::vector<arith::Family> few = {members.front()};
  for (const std::size_t m : {members.size() / 2, members.size() - 1}) {
    if (members[m] != few.back()) few.push_back(members[m]);
  }
  return few;
}

std::vector<arith::MultiplierPtr> all_multipliers() {
  std::vector<arith::MultiplierPtr> multipliers;
  for (const arith::LibraryEntry& entry : arith::library()) {
    multipliers.push_back(arith::find_multiplier(entry.name));
  }
  for (const arith::FamilyInfo& family : arith::families()) {
    for (const arith::Family& member : tested_members(family)) {
      multipliers.push_back(arith::find_multiplier(arith::to_string(member)));
    }
  }
  return multipliers;
}

// "m7", for files, modules and functions, where circuits of equal products must not be one.
std::string number_of(std::size_t m) { return "m" + std::to_string(m); }

class MultiplierForms : public testing::Test {
 protected:
  arith::NamedMultiplier numbered(std::size_t m) const {
    arith::NamedMultiplier multiplier = *multipliers_[m];
    multiplier.name = number_of(m);
    return multiplier;
  }
  // Throws, which fails the test, with the tool's last lines.
  static void run(const std::vector<std::string>& command) {
    base::run_tool(command, 1200, "a faster machine");
  }
  std::string path(const std::string& file) const { return (folder_.path() / file).string(); }
  void write(const std::string& file, std::string_view text) const {
    base::write_file_atomically(folder_.path() / file, text);
  }
  // In a file for each multiplier ("m7"): bit patterns of products, one a line.
  void expect_products() const {
    for (std::size_t m = 0; m < multipliers_.size(); ++m) {
      std::string expected;
      for (const std::int16_t product : multipliers_[m]->multiplier.products()) {
        fmt::format_to(std::back_inserter(expected), "{:04x}\n",
                       static_cast<std::uint16_t>(product));
      }
      const auto found = base::read_file(path(number_of(m)));
      EXPECT_TRUE(std::ranges::equal(found, std::as_bytes(std::span(expected))))
          << multipliers_[m]->name;
    }
  }

  std::vector<arith::MultiplierPtr> multipliers_ = all_multipliers();
  base::ScratchFolder folder_{"deepaxe-multipliers"};
};

TEST_F(MultiplierForms, NetlistsHaveTheProductsOfTheTables) {
  for (const auto& multiplier : multipliers_) {
    EXPECT_TRUE(std::ranges::equal(arith::tabulate(netlist_of(*multiplier)),
                                   multiplier->multiplier.products()))
        << multiplier->name;
  }
}

TEST_F(MultiplierForms, GeneratedVerilogHasTheProductsOfTheTablesInVerilator) {
  if (!base::has_tool("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  std::vector<std::string> command = {"verilator", "--binary",    "--timing",     "-Wno-fatal",
                                      "-Wno-lint", "-fno-gate",   "--top-module", "all",
                                      "-Mdir",     path("build"), path("all.v")};
  std::string instances, opens, prints, closes;
  for (std::size_t m = 0; m < multipliers_.size(); ++m) {
    const std::string number = number_of(m);
    const arith::NamedMultiplier multiplier = numbered(m);
    const arith::NamedMultiplier* const one[] = {&multiplier};
    const hw::verilog::MultiplierModules modules(one, hw::verilog::ExactForm::kGates);
    hw::design::SourceFiles files;
    modules.write(files);
    const std::string file = modules.module_of(0) + ".v";
    write(file, files.at(file));
    command.push_back(path(file));
    instances += "  wire [15:0] y_" + number + ";\n  integer f_" + number + ";\n  " +
                 modules.module_of(0) + " " + number +
                 "(.activation(pair[15:8]), .weights(pair[7:0]), .products(y_" + number + "));\n";
    opens += "    f_" + number + " = $fopen(\"" + path(number) + "\", \"wb\");\n";
    prints += "      $fwrite(f_" + number + ", \"%h\\n\", y_" + number + ");\n";
    closes += "    $fclose(f_" + number + ");\n";
  }
  write("all.v", "`timescale 1ns/1ns\nmodule all;\n  reg [15:0] pair;\n  integer i;\n" + instances +
                     "  initial begin\n" + opens +
                     "    for (i = 0; i < 65536; i = i + 1) begin\n      pair = i; #1;\n" + prints +
                     "    end\n" + closes + "    $finish;\n  end\nendmodule\n");
  run(command);
  run({path("build/Vall")});
  expect_products();
}

TEST_F(MultiplierForms, ExportedCHasTheProductsOfTheTables) {
  std::string includes, calls;
  for (std::size_t m = 0; m < multipliers_.size(); ++m) {
    const std::string number = number_of(m);
    const auto bytes =
        frontend::circuit::format_circuit(numbered(m), frontend::circuit::ExportFormat::kC);
    write(number + ".h",
          std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    includes += "#include \"" + number + ".h\"\n";
    calls += "  write(mul8s_" + number + ", \"" + path(number) + "\");\n";
  }
  write("main.cc",
        "#include <cstdint>\n#include <cstdio>\n" + includes +
            "template <typename F> void write(F f, const char* path) {\n"
            "  FILE* file = fopen(path, \"wb\");\n"
            "  for (int i = 0; i < 65536; ++i) {\n"
            "    const int p = f(static_cast<std::int8_t>(i >> 8), static_cast<std::int8_t>(i));\n"
            "    fprintf(file, \"%04x\\n\", p & 0xffff);\n  }\n  fclose(file);\n}\n"
            "int main() {\n" +
            calls + "}\n");
  run({"g++", "-O1", "-o", path("all"), path("main.cc")});
  run({path("all")});
  expect_products();
}

}  // namespace
}  // namespace deepaxe
