// Family: approximate multipliers generated from a few numbers, as netlists. One table, `families`,
// holds what there is; docs/multiplier-families.md defines each, with its paper and its figures.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {

/// In the order of `families`.
enum class FamilyKind {
  kBam,
  kTrunc,
  kLoa,
  kTcc,
  kTvc,
  kDrum,
  kRoba,
  kMitchell,
  kAlm,
  kMbm,
  kIlm,
  kRad,
  kRoup
};

/// Values from `low` to `high` in steps of `step`.
struct FamilyParameter {
  std::string_view name;
  int low = 0;
  int high = 0;
  int step = 1;
};

/// The most parameters a family has.
inline constexpr std::size_t kMaxFamilyParameters = 2;
using FamilyValues = std::array<int, kMaxFamilyParameters>;

/// One row of the table.
struct FamilyInfo {
  FamilyKind kind;
  std::string_view name;  ///< "drum"
  std::array<FamilyParameter, kMaxFamilyParameters> parameters;
  std::size_t num_parameters;
  std::string_view summary;  ///< One line.
  std::string_view source;   ///< The paper.
  Netlist (*build)(const FamilyValues& values);

  std::string form() const;    ///< "bam(h,v)", "mitchell"
  std::string ranges() const;  ///< "h 0 to 8, v 0 to 15"; empty without parameters.
};

std::span<const FamilyInfo> families() noexcept;

/// A member of a family. values[i] belongs to parameter i; unused ones are 0.
struct Family {
  FamilyKind kind = FamilyKind::kBam;
  FamilyValues values{};

  const FamilyInfo& info() const noexcept;
  bool operator==(const Family&) const = default;
};

/// "bam(1,3)", "trunc(2)", "mitchell".
std::string to_string(const Family& family);

/// The member that `text` names, in any case, blanks ignored; nothing if it does not begin with the
/// name of a family and, but for its end, a parenthesis. Throws std::invalid_argument, naming form
/// and ranges, if the parameters are not those of the family.
std::optional<Family> parse_family(std::string_view text);

/// Every member with values in range, in the order of `families`, the last value running fastest.
std::vector<Family> all_members(const FamilyInfo& info);

/// The circuit. Throws std::invalid_argument for a value out of range.
Netlist make_netlist(const Family& family);

}  // namespace deepaxe::arith
