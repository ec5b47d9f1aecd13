// The multiplier library: names, circuits and published hardware figures, in one table.
// Source of names and 45 nm figures: EvoApproxLib v2022, https://ehw.fit.vutbr.cz/evoapproxlib.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deepaxe/arith/family.h"
#include "deepaxe/arith/multiplier.h"
#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {

/// Published figures of one circuit, synthesized by Synopsys DC for a 45 nm PDK at 1 V.
struct PublishedFigures {
  double power_mw = 0;
  double area_um2 = 0;
  double delay_ns = 0;
  double mae_percent = 0;  ///< Of 2^16.
  double wce_percent = 0;
  double ep_percent = 0;
  double mre_percent = 0;
};

struct LibraryEntry {
  std::string_view name;       ///< "1KVP"
  std::string_view full_name;  ///< "mul8s_1KVP"
  Family family;
  PublishedFigures published;
};

/// The 13 signed 8x8 circuits, in the order of growing error. 1KV6 is exact.
std::span<const LibraryEntry> library() noexcept;

/// Where an import came from, for people: ("file", "mul8s_1KVP.c")...
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// A multiplier with everything known about it.
struct NamedMultiplier {
  std::string name;  ///< Short name, or the family's text, or "exact", or the name of an import.
  Multiplier multiplier;
  std::optional<Netlist> netlist;  ///< Always there for library circuits and families.
  std::optional<Family> family;
  std::optional<PublishedFigures> published;
  std::optional<double> given_luts;  ///< 6-input LUTs of one multiplier, as told at import.
  Provenance provenance = {};        ///< Of imports only.
};
/// The netlist of a multiplier that has one. Throws std::invalid_argument if it has none.
const Netlist& netlist_of(const NamedMultiplier& multiplier);

using MultiplierPtr = std::shared_ptr<const NamedMultiplier>;

/// By name ("1KVP", "mul8s_1KVP", any case), by family ("bam(1,3)", "mitchell"), "exact", or the
/// name of an imported one (user_library.h). Built once and kept: equal names give the same object.
/// Thread-safe. Throws base::InputError, offering the nearest names, for anything else.
MultiplierPtr find_multiplier(std::string_view name);

/// True for what find_multiplier knows without the user's library.
bool is_built_in(std::string_view name);

/// find_multiplier("exact").
MultiplierPtr exact_multiplier();

}  // namespace deepaxe::arith
