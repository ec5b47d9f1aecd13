// Every library multiplier in all of its forms: table, netlist, generated Verilog in a simulator,
// exported C as g++ compiles it; all 65,536 pairs.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/frontend/circuit/writers.h"
#include "deepaxe/hw/verilog/multiplier_modules.h"

namespace deepaxe {
namespace {

std::vector<arith::MultiplierPtr> all_multipliers() {
  std::vector<arith::MultiplierPtr> multipliers;
  for (const arith::LibraryEntry& entry : arith::library()) {
    multipliers.push_back(arith::find_multiplier(entry.name));
  }
  return multipliers;
}

class MultiplierForms : public testing::Test {
 protected:
  MultiplierForms() { std::filesystem::create_directories(folder_); }
  ~MultiplierForms() override { std::filesystem::remove_all(folder_); }

  std::string run(const std::vector<std::string>& command) const {
    const auto result = base::run_program(command, {.seconds = 600});
    const std::string output(reinterpret_cast<const char*>(result.output.data()),
                             result.output.size());
    EXPECT_EQ(result.exit_code, 0) << command.front() << "\n" << output;
    return output;
  }
  std::string path(const std::string& file) const { return (folder_ / file).string(); }
  void write(const std::string& file, std::string_view text) const {
    base::write_file_atomically(folder_ / file, text);
  }
  // Products of all multipliers one after the other, int16 little-endian, by bit patterns.
  void expect_products(const std::string& file) const {
    const auto bytes = base::read_file(folder_ / file);
    const std::size_t size = 2 * arith::Multiplier::kNumProducts;
    ASSERT_EQ(bytes.size(), multipliers_.size() * size);
    for (std::size_t m = 0; m < multipliers_.size(); ++m) {
      const auto expected = std::as_bytes(multipliers_[m]->multiplier.products());
      EXPECT_TRUE(std::ranges::equal(std::span(bytes).subspan(m * size, size), expected))
          << multipliers_[m]->name;
    }
  }

  std::vector<arith::MultiplierPtr> multipliers_ = all_multipliers();
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  ("deepaxe_multipliers_" + std::to_string(::getpid()));
};

TEST_F(MultiplierForms, NetlistsHaveTheProductsOfTheTables) {
  for (const auto& multiplier : multipliers_) {
    EXPECT_TRUE(std::ranges::equal(arith::tabulate(netlist_of(*multiplier)),
                                   multiplier->multiplier.products()))
        << multiplier->name;
  }
}

TEST_F(MultiplierForms, GeneratedVerilogHasTheProductsOfTheTablesInVerilator) {
  if (base::run_program({"verilator", "--version"}, {}).exit_code != 0) {
    GTEST_SKIP() << "verilator is not installed";
  }
  std::vector<const arith::NamedMultiplier*> pointers;
  for (const auto& multiplier : multipliers_) pointers.push_back(multiplier.get());
  const hw::verilog::MultiplierModules modules(pointers, hw::verilog::ExactForm::kGates);
  hw::design::SourceFiles files;
  modules.write(files);
  std::vector<std::string> command = {"verilator",   "--binary",     "--timing", "-Wno-fatal",
                                      "-Wno-lint",   "--top-module", "all",      "-Mdir",
                                      path("build"), path("all.v")};
  std::string instances, prints;
  for (std::size_t m = 0; m < multipliers_.size(); ++m) {
    const std::string number = std::to_string(m);
    instances += "  wire [15:0] y" + number + ";\n  " + modules.module_of(m) + " m" + number +
                 "(.activation(pair[15:8]), .weights(pair[7:0]), .products(y" + number + "));\n";
    prints +=
        "    for (i = 0; i < 65536; i = i + 1) begin\n      pair = i; #1;\n"
        "      $fwrite(file, \"%c%c\", y" +
        number + "[7:0], y" + number + "[15:8]);\n    end\n";
    write(modules.module_of(m) + ".v", files.at(modules.module_of(m) + ".v"));
    command.push_back(path(modules.module_of(m) + ".v"));
  }
  write("all.v", "`timescale 1ns/1ns\nmodule all;\n  reg [15:0] pair;\n  integer i, file;\n" +
                     instances + "  initial begin\n    file = $fopen(\"" + path("products") +
                     "\", \"wb\");\n" + prints +
                     "    $fclose(file);\n    $finish;\n  end\nendmodule\n");
  run(command);
  run({path("build/Vall")});
  expect_products("products");
}

TEST_F(MultiplierForms, ExportedCHasTheProductsOfTheTables) {
  std::string calls;
  std::vector<std::string> command = {"g++", "-O1", "-o", path("all"), path("main.cc")};
  for (const auto& multiplier : multipliers_) {
    const auto bytes =
        frontend::circuit::format_circuit(*multiplier, frontend::circuit::ExportFormat::kC);
    write(multiplier->name + ".h",
          std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    calls += "  write(mul8s_" + multiplier->name + ", file);\n";
  }
  std::string text = "#include <cstdint>\n#include <cstdio>\n";
  for (const auto& multiplier : multipliers_) text += "#include \"" + multiplier->name + ".h\"\n";
  text +=
      "template <typename F> void write(F f, FILE* file) {\n"
      "  for (int i = 0; i < 65536; ++i) {\n"
      "    const auto p = static_cast<std::int16_t>(f(static_cast<std::int8_t>(i >> 8), "
      "static_cast<std::int8_t>(i)));\n    fwrite(&p, 2, 1, file);\n  }\n}\n"
      "int main(int, char** argv) {\n  FILE* file = fopen(argv[1], \"wb\");\n" +
      calls + "  return fclose(file);\n}\n";
  write("main.cc", text);
  run(command);
  run({path("all"), path("products")});
  expect_products("products");
}

}  // namespace
}  // namespace deepaxe
