#include "deepaxe/hw/cost/multiplier_luts.h"

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "deepaxe/hw/cost/lut_mapping.h"

namespace deepaxe::hw::cost {
namespace {

// Vivado's LUTs per LUT cell of yosys; mean error 4.9 % over 32 public circuits (multipliers), with
// an area script. How far it is off for these netlists has not been measured.
constexpr double kVivadoPerYosysLut = 0.832;

// LUT cells (LUT1 to LUT6 added up) of our netlists of the library circuits:
// yosys 0.23, `synth_xilinx -family xc7 -nowidelut -noiopad -nodsp -flatten`. Heuristics are at
// work, so a smaller circuit may take a few more (1KVM and 1KVP).
struct YosysCount {
  std::string_view name;
  int luts;
};
constexpr std::array<YosysCount, 13> kYosysCounts = {{{"1KV6", 94},
                                                      {"1KV8", 88},
                                                      {"1KV9", 87},
                                                      {"1KVA", 79},
                                                      {"1KVM", 91},
                                                      {"1KVP", 72},
                                                      {"1KVQ", 71},
                                                      {"1L2J", 78},
                                                      {"1KX5", 62},
                                                      {"1L2L", 48},
                                                      {"1KXF", 61},
                                                      {"1L2N", 34},
                                                      {"1L12", 12}}};

// The same for `a * b` of two signed bytes without DSPs; 4 CARRY4 beside the LUTs.
constexpr int kYosysNativeLuts = 116;

// Sum of kYosysCounts over the sum of count_luts for the same 13 netlists.
constexpr double kYosysPerOwnLut = 0.924;

// The library circuit generated from the same family: its netlist is the same, whatever its name.
std::optional<YosysCount> library_count(const arith::NamedMultiplier& multiplier) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    if (multiplier.family != entry.family) continue;
    for (const YosysCount& count : kYosysCounts) {
      if (count.name == entry.name) return count;
    }
  }
  return std::nullopt;
}

// Mapping takes milliseconds and explorations ask for the same circuits again and again, so it is
// done once for each family.
int count_luts_once(const arith::NamedMultiplier& multiplier) {
  static std::mutex mutex;
  static std::map<std::string, int> counted;  // By family.
  if (!multiplier.family) return count_luts(multiplier.netlist);
  const std::scoped_lock lock(mutex);
  const auto [place, is_new] = counted.try_emplace(arith::to_string(*multiplier.family));
  if (is_new) place->second = count_luts(multiplier.netlist);
  return place->second;
}

}  // namespace

MultiplierLuts gate_level_luts(const arith::NamedMultiplier& multiplier) {
  if (const std::optional<YosysCount> count = library_count(multiplier)) {
    return {.luts = kVivadoPerYosysLut * count->luts,
            .dsps = 0,
            .source =
                "yosys 0.23 synth_xilinx -nowidelut, x 0.832 (4.9 % mean error over 32 "
                "public circuits)"};
  }
  return {.luts = kVivadoPerYosysLut * kYosysPerOwnLut * count_luts_once(multiplier),
          .dsps = 0,
          .source =
              "own 6-input LUT mapping, x 0.924 (yosys per own, 13 circuits, each within "
              "17 %), x 0.832; error not measured"};
}

MultiplierLuts multiplier_luts(const arith::NamedMultiplier& multiplier, Baseline baseline) {
  if (!multiplier.multiplier.is_exact()) return gate_level_luts(multiplier);
  switch (baseline) {
    case Baseline::kDsp:
      return {.luts = 0, .dsps = 1, .source = "one DSP48 each"};
    case Baseline::kNative:
      return {.luts = kVivadoPerYosysLut * kYosysNativeLuts,
              .dsps = 0,
              .source =
                  "yosys 0.23 synth_xilinx -nowidelut -nodsp of a * b, x 0.832; error not "
                  "measured"};
    case Baseline::kGate:
      break;
  }
  static const arith::MultiplierPtr exact_gates = arith::find_multiplier("1KV6");
  return gate_level_luts(*exact_gates);
}

}  // namespace deepaxe::hw::cost
