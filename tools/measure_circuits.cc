// Prints what our models say of circuits of other programs, a line each: name, MAE and WCE over all
// pairs, LUTs and levels of our mapping, toggles a product on random operands; and writes their
// netlists as Verilog, FOLDER/NAME.v. For tools/compare_with_vivado.py.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "deepaxe/arith/netlist_verilog.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/frontend/circuit/circuit.h"
#include "deepaxe/hw/cost/lut_mapping.h"
#include "deepaxe/hw/power/switching.h"

namespace {

using namespace deepaxe;

double toggles_of(const arith::Netlist& netlist) {
  constexpr std::size_t kProducts = 8192;
  const base::CounterRng operands(1);
  std::vector<hw::power::OperandPair> pairs;
  for (std::size_t i = 0; i <= kProducts; ++i) {
    pairs.push_back({static_cast<std::int8_t>(operands.below(256, i, 0)),
                     static_cast<std::int8_t>(operands.below(256, i, 1))});
  }
  const auto counts = hw::power::SwitchingModel(netlist).count(pairs);
  return static_cast<double>(counts.unit_delay) / kProducts;
}

void measure(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const auto circuit = frontend::circuit::read_circuit(file.string(), {});
  const std::string name = file.stem().string();
  if (!circuit.netlist) throw std::runtime_error(name + ": products without a netlist");
  std::ofstream verilog(folder / (name + ".v"));
  verilog << arith::to_verilog(*circuit.netlist, name);
  if (!verilog.flush()) throw std::runtime_error(folder.string() + ": cannot write");
  const arith::ErrorStats errors = arith::error_stats(circuit.table);
  const auto deep = hw::cost::map_luts(*circuit.netlist, hw::cost::MappingGoal::kDepth);
  fmt::print("{} {:.4f} {} {} {} {:.2f}\n", name, errors.mean_absolute_lsb, errors.worst_case_lsb,
             hw::cost::count_luts(*circuit.netlist), hw::cost::lut_levels(deep),
             toggles_of(*circuit.netlist));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::fputs("usage: measure_circuits FOLDER CIRCUIT...\n", stderr);
    return 2;
  }
  for (int i = 2; i < argc; ++i) measure(argv[1], argv[i]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
