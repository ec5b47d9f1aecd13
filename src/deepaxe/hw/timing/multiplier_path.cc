#include "deepaxe/hw/timing/multiplier_path.h"

#include "deepaxe/hw/cost/multiplier_luts.h"

namespace deepaxe::hw::timing {
namespace {

constexpr std::string_view kCircuit = "multiplier";

// Of `a * b` of two signed bytes: yosys 0.23, `synth_xilinx -family xc7 -nowidelut -noiopad -nodsp
// -flatten; ltp -noff`.
constexpr LogicPath kNative = {
    .circuit = kCircuit, .lut_levels = 4, .carry_chains = 1, .carry_bits = 12};

LogicPath path_of(const arith::NamedMultiplier& multiplier) {
  return {.circuit = kCircuit, .lut_levels = cost::lut_levels(cost::depth_luts(multiplier))};
}

}  // namespace

std::optional<LogicPath> multiplier_path(const arith::NamedMultiplier& multiplier,
                                         cost::Baseline baseline) {
  if (!multiplier.multiplier.is_exact()) {
    if (!multiplier.netlist) return std::nullopt;
    return path_of(multiplier);
  }
  switch (baseline) {
    case cost::Baseline::kDsp:
      return LogicPath{.circuit = kCircuit, .block_ns = kArtix7Minus1.multiply_setup};
    case cost::Baseline::kNative:
      return kNative;
    case cost::Baseline::kGate:
      break;
  }
  return path_of(*arith::find_multiplier("1KV6"));
}

}  // namespace deepaxe::hw::timing
