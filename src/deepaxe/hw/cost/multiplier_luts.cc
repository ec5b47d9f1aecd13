#include "deepaxe/hw/cost/multiplier_luts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/cost/lut_mapping.h"

namespace deepaxe::hw::cost {
namespace {

// "Estimated number of LCs" of our netlists of the library circuits, made by
// tools/measure_multiplier_luts.py: yosys 0.23, `synth_xilinx -family xc7 -nowidelut -noiopad
// -nodsp -flatten; stat -tech xilinx`.
struct YosysCount {
  std::string_view name;
  int lcs;
};
constexpr std::array<YosysCount, 13> kYosysCounts = {{{"1KV6", 84},
                                                      {"1KV8", 79},
                                                      {"1KV9", 75},
                                                      {"1KVA", 72},
                                                      {"1KVM", 74},
                                                      {"1KVP", 68},
                                                      {"1KVQ", 64},
                                                      {"1L2J", 62},
                                                      {"1KX5", 53},
                                                      {"1L2L", 43},
                                                      {"1KXF", 51},
                                                      {"1L2N", 27},
                                                      {"1L12", 11}}};

// The same for `a * b` of two signed bytes: rows of LUTs and one adder of 16 bits, in 4 CARRY4.
constexpr int kYosysNativeLcs = 96;
constexpr int kNativeCarryLcs = 16;

// Sum of kYosysCounts over the sum of count_luts for the same 13 netlists. Scaled by it, 1L12 (11
// LCs) is 12.3 % low, and each of the others within 4.1 %.
constexpr double kYosysLcsPerOwnLut = 0.804;

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
  if (!multiplier.family) return count_luts(netlist_of(multiplier));
  const std::scoped_lock lock(mutex);
  const auto [place, is_new] = counted.try_emplace(arith::to_string(*multiplier.family));
  if (is_new) place->second = count_luts(netlist_of(multiplier));
  return place->second;
}

// Of an import that says so; a family's netlist took the place of the file's.
std::string expansion_note(const arith::NamedMultiplier& multiplier) {
  const auto is_expanded = [](const auto& entry) { return entry.first == kExpandedKey; };
  if (multiplier.family || std::ranges::none_of(multiplier.provenance, is_expanded)) return "";
  return fmt::format(", of {} as gates: its * is expanded, not carry chains or a DSP slice",
                     multiplier.name);
}

}  // namespace

MultiplierLuts gate_level_luts(const arith::NamedMultiplier& multiplier) {
  if (multiplier.given_luts) {
    return {.lcs = *multiplier.given_luts / kLutsPerLc,
            .source = fmt::format("{} LUTs each, as given at import", *multiplier.given_luts)};
  }
  if (const std::optional<YosysCount> count = library_count(multiplier)) {
    return {.lcs = static_cast<double>(count->lcs),
            .source = "yosys 0.23 synth_xilinx -nowidelut, estimated LCs"};
  }
  if (!multiplier.netlist) {
    throw base::InputError(
        {.file = "multiplier '" + multiplier.name + "'",
         .place = "cost",
         .found = "products alone, neither a netlist nor a number of LUTs",
         .expected = "an import with its figure: deepaxe multipliers import FILE --name " +
                     multiplier.name + " --luts N --force"});
  }
  return {.lcs = kYosysLcsPerOwnLut * count_luts_once(multiplier),
          .source =
              "own 6-input LUT mapping x 0.804 (LCs of yosys per own LUT, within 13 % on each of "
              "the 13 library circuits)" +
              expansion_note(multiplier)};
}

Estimate to_estimate(const MultiplierLuts& luts) noexcept {
  const Resources value{.luts = luts.luts(), .ffs = 0, .dsps = luts.dsps};
  Estimate estimate{value, value, value};
  estimate.low.luts -= luts.luts_error();
  estimate.high.luts += luts.luts_error();
  return estimate;
}

std::string luts_per_lc_text() {
  return fmt::format("{:.3f} x LC +- {:.1f} %", kLutsPerLc, 100 * kLutsPerLcError);
}

std::vector<Lut> depth_luts(const arith::NamedMultiplier& multiplier) {
  static std::mutex mutex;
  static std::map<std::string, std::vector<Lut>> mapped;  // By family.
  if (!multiplier.family) return map_luts(netlist_of(multiplier), MappingGoal::kDepth);
  const std::scoped_lock lock(mutex);
  const auto [place, is_new] = mapped.try_emplace(arith::to_string(*multiplier.family));
  if (is_new) place->second = map_luts(netlist_of(multiplier), MappingGoal::kDepth);
  return place->second;
}

MultiplierLuts multiplier_luts(const arith::NamedMultiplier& multiplier, Baseline baseline) {
  if (!multiplier.multiplier.is_exact()) return gate_level_luts(multiplier);
  switch (baseline) {
    case Baseline::kDsp:
      return {.dsps = 1, .source = "one DSP48 each"};
    case Baseline::kNative:
      return {.lcs = kYosysNativeLcs,
              .carry_lcs = kNativeCarryLcs,
              .source = "yosys 0.23 synth_xilinx -nowidelut -nodsp of a * b, estimated LCs"};
    case Baseline::kGate:
      break;
  }
  static const arith::MultiplierPtr exact_gates = arith::find_multiplier("1KV6");
  return gate_level_luts(*exact_gates);
}

}  // namespace deepaxe::hw::cost
