// Files of multipliers: C, Verilog, BLIF, CGP chromosomes, and tables.
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/netlist.h"
#include "deepaxe/base/assertion.h"
#include "deepaxe/frontend/circuit/circuit.h"
#include "deepaxe/frontend/circuit/plausibility.h"
#include "deepaxe/frontend/circuit/writers.h"
#include "target.h"

namespace deepaxe::fuzz {
namespace {

namespace circuit = frontend::circuit;
using circuit::ExportFormat;

// A circuit that is accepted has all its products, and a netlist of the same.
void parse(std::span<const std::byte> input, const std::string& name) {
  accepts([&] {
    const circuit::Circuit read = circuit::parse_circuit(input, name, {});
    DEEPAXE_ASSERT(read.table.products.size() == circuit::ProductTable::kNumProducts);
    circuit::check_claims(read.claims, arith::error_stats(read.table));
    if (read.netlist) {
      const auto products = arith::tabulate(*read.netlist);
      for (std::size_t i = 0; i < products.size(); ++i) {
        DEEPAXE_ASSERT(((products[i] ^ read.table.products[i]) & 0xFFFF) == 0);
      }
    }
    circuit::require_plausible(read.table, name);
  });
}

std::vector<Bytes> exports(ExportFormat format) {
  std::vector<Bytes> seeds;
  for (const char* name : {"1KVP", "1L12", "bam(8,0)"}) {
    seeds.push_back(circuit::format_circuit(*arith::find_multiplier(name), format));
  }
  return seeds;
}

void run_c(std::span<const std::byte> input) { parse(input, "mul8s_x.c"); }
std::vector<Bytes> c_seeds() {
  std::vector<Bytes> seeds = exports(ExportFormat::kC);
  seeds.push_back(
      to_bytes("uint64_t mul8u_x(const uint64_t B, const uint64_t A)\n{\n"
               "  int P, t = -A; uint8_t u; bool v;\n  u = (uint8_t)(t >> 2) | 0x1Fu;\n"
               "  v = A < B && u != 3 || !t;\n  P = v ? A * B : ~u + 07; P ^= 1;\n"
               "  return P;\n}\n"));
  seeds.push_back(to_bytes("const int16_t lut [256][256] = {{0, -1, 2"));
  return seeds;
}

void run_verilog(std::span<const std::byte> input) { parse(input, "mul8s_x.v"); }
std::vector<Bytes> verilog_seeds() {
  std::vector<Bytes> seeds = exports(ExportFormat::kVerilog);
  seeds.push_back(to_bytes(
      "module mul8u_x(A, B, O);\n input [7:0] A, B;\n output [15:0] O;\n wire s, c;\n"
      " PDKGENHAX1 u(.A(A[0]), .B(~(A[1] & B[2])), .YS(s), .YC(c));\n MINE v(c, O[0], s);\n"
      " nand g(O[1], s, c, A[3]);\n assign {O[15:8], O[7:2]} = {2{A[6:0]}} + (B << 1) - 3'd5;\n"
      "endmodule\nmodule MINE(input a, output y, input b); assign y = a ? ^b : &b; endmodule\n"));
  seeds.push_back(
      to_bytes("module m(input signed [7:0] a, b, output [15:0] y);\n"
               "assign y = a < b || a == b ? a * b : -a;\nendmodule\n"));
  return seeds;
}

void run_blif(std::span<const std::byte> input) { parse(input, "mul8s_x.blif"); }
std::vector<Bytes> blif_seeds() { return exports(ExportFormat::kBlif); }

void run_cgp(std::span<const std::byte> input) { parse(input, "mul8s_x.cgp"); }
std::vector<Bytes> cgp_seeds() { return exports(ExportFormat::kCgp); }

void run_table(std::span<const std::byte> input) {
  for (const char* name : {"mul8s_x.bin", "mul8s_x.txt", "x"}) parse(input, name);
}
std::vector<Bytes> table_seeds() {
  std::vector<Bytes> seeds;
  for (const ExportFormat format :
       {ExportFormat::kNpy, ExportFormat::kTfApprox, ExportFormat::kApproxTorch}) {
    seeds.push_back(circuit::format_circuit(*arith::find_multiplier("1KVP"), format));
  }
  return seeds;
}

}  // namespace

const Target kCircuitC{"circuit_c", run_c, c_seeds};
const Target kCircuitVerilog{"circuit_verilog", run_verilog, verilog_seeds};
const Target kCircuitBlif{"circuit_blif", run_blif, blif_seeds};
const Target kCircuitCgp{"circuit_cgp", run_cgp, cgp_seeds};
const Target kCircuitTable{"circuit_table", run_table, table_seeds};

}  // namespace deepaxe::fuzz
