#include "deepaxe/arith/family.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

#include "deepaxe/arith/array_families.h"
#include "deepaxe/arith/booth_families.h"
#include "deepaxe/arith/logarithmic_families.h"
#include "deepaxe/arith/segment_families.h"

namespace deepaxe::arith {
namespace {

constexpr std::array<FamilyInfo, 13> kFamilies = {{
    {.kind = FamilyKind::kBam,
     .name = "bam",
     .parameters = {{{.name = "h", .low = 0, .high = 8}, {.name = "v", .low = 0, .high = 15}}},
     .num_parameters = 2,
     .summary = "broken Baugh-Wooley array: no partial products (i,j) with i < h or i + j < v",
     .source = "Mahdiani et al., IEEE TCAS-I 57(4), 2010",
     .build = make_bam},
    {.kind = FamilyKind::kTrunc,
     .name = "trunc",
     .parameters = {{{.name = "k", .low = 0, .high = 7}}},
     .num_parameters = 1,
     .summary = "both operands with their k low bits cleared",
     .source = "the 1L2 circuits of EvoApproxLib v2022",
     .build = make_trunc},
    {.kind = FamilyKind::kLoa,
     .name = "loa",
     .parameters = {{{.name = "k", .low = 0, .high = 7}}},
     .num_parameters = 1,
     .summary = "array whose rows are added by lower-part-OR adders, k low columns ORed",
     .source = "adder of Mahdiani et al., IEEE TCAS-I 57(4), 2010",
     .build = make_loa},
    {.kind = FamilyKind::kTcc,
     .name = "tcc",
     .parameters = {{{.name = "t", .low = 1, .high = 7}}},
     .num_parameters = 1,
     .summary = "t low columns dropped, their mean added as a constant",
     .source = "Schulte and Swartzlander, VLSI Signal Processing VI, 1993",
     .build = make_tcc},
    {.kind = FamilyKind::kTvc,
     .name = "tvc",
     .parameters = {{{.name = "t", .low = 1, .high = 7}}},
     .num_parameters = 1,
     .summary = "t low columns dropped, the highest of them added once more to the next",
     .source = "King and Swartzlander, 31st Asilomar Conference, 1997",
     .build = make_tvc},
    {.kind = FamilyKind::kDrum,
     .name = "drum",
     .parameters = {{{.name = "k", .low = 3, .high = 8}}},
     .num_parameters = 1,
     .summary = "leading k bits of each magnitude, the last of them set",
     .source = "Hashemi, Bahar and Reda, ICCAD 2015",
     .build = make_drum},
    {.kind = FamilyKind::kRoba,
     .name = "roba",
     .parameters = {},
     .num_parameters = 0,
     .summary = "magnitudes rounded to powers of two, the product of the rests left out",
     .source = "Zendegani et al., IEEE TVLSI 25(2), 2017",
     .build = make_roba},
    {.kind = FamilyKind::kMitchell,
     .name = "mitchell",
     .parameters = {},
     .num_parameters = 0,
     .summary = "sum of piecewise linear logarithms",
     .source = "Mitchell, IRE Trans. Electronic Computers EC-11(4), 1962",
     .build = make_mitchell},
    {.kind = FamilyKind::kAlm,
     .name = "alm",
     .parameters = {{{.name = "m", .low = 1, .high = 6}}},
     .num_parameters = 1,
     .summary = "mitchell with a set-one adder for the m low bits of the logarithms (ALM-SOA)",
     .source = "Liu et al., IEEE TCAS-I 65(9), 2018",
     .build = make_alm},
    {.kind = FamilyKind::kMbm,
     .name = "mbm",
     .parameters = {},
     .num_parameters = 0,
     .summary = "mitchell with its mean error added as a constant",
     .source = "Saadat, Bokhari and Parameswaran, IEEE TCAD 37(11), 2018",
     .build = make_mbm},
    {.kind = FamilyKind::kIlm,
     .name = "ilm",
     .parameters = {{{.name = "c", .low = 0, .high = 3}}},
     .num_parameters = 1,
     .summary = "iterative logarithmic multiplier with c correction circuits",
     .source = "Babic, Avramovic and Bulic, Microprocessors and Microsystems 35(1), 2011",
     .build = make_ilm},
    {.kind = FamilyKind::kRad,
     .name = "rad",
     .parameters = {{{.name = "k", .low = 4, .high = 8, .step = 2}}},
     .num_parameters = 1,
     .summary = "k low bits of the weight as one radix-2^k digit, rounded to a power of two",
     .source = "Leon et al., IEEE TVLSI 26(3), 2018",
     .build = make_rad},
    {.kind = FamilyKind::kRoup,
     .name = "roup",
     .parameters = {{{.name = "k", .low = 0, .high = 2}, {.name = "m", .low = 0, .high = 6}}},
     .num_parameters = 2,
     .summary = "k Booth digits of the weight left out, activation rounded at bit m",
     .source = "Leon et al., IEEE Micro 38(4), 2018",
     .build = make_roup},
}};

std::span<const FamilyParameter> parameters_of(const FamilyInfo& info) {
  return {info.parameters.data(), info.num_parameters};
}

// Of one value; empty if it is allowed.
std::string range_fault(const FamilyInfo& info, const FamilyParameter& parameter, int value) {
  const bool fits = value >= parameter.low && value <= parameter.high &&
                    (value - parameter.low) % parameter.step == 0;
  if (fits) return "";
  return fmt::format("{} has {} = {}, expected {} to {}{}", info.form(), parameter.name, value,
                     parameter.low, parameter.high,
                     parameter.step == 1 ? "" : fmt::format(" in steps of {}", parameter.step));
}

void check(const Family& family) {
  const FamilyInfo& info = family.info();
  for (std::size_t i = 0; i < info.num_parameters; ++i) {
    const std::string fault = range_fault(info, info.parameters[i], family.values[i]);
    if (!fault.empty()) throw std::invalid_argument(fault);
  }
}

// Reads digits at the front of `text`; nothing if there are none or too many.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || text.empty() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view token) {
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

// "(1,3)": as many numbers as the family has parameters; "" and "()" are both none.
std::optional<FamilyValues> parse_values(std::string_view text, std::size_t num_parameters) {
  FamilyValues values{};
  if (num_parameters == 0) {
    return text.empty() || text == "()" ? std::optional(values) : std::nullopt;
  }
  for (std::size_t i = 0; i < num_parameters; ++i) {
    if (!take(text, i == 0 ? "(" : ",")) return std::nullopt;
    const std::optional<int> value = take_number(text);
    if (!value) return std::nullopt;
    values[i] = *value;
  }
  return text == ")" ? std::optional(values) : std::nullopt;
}

std::string compact(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0) result += static_cast<char>(std::tolower(byte));
  }
  return result;
}

}  // namespace

std::string FamilyInfo::form() const {
  std::string text(name);
  for (std::size_t i = 0; i < num_parameters; ++i) {
    text += i == 0 ? "(" : ",";
    text += parameters[i].name;
  }
  return num_parameters == 0 ? text : text + ")";
}

std::string FamilyInfo::ranges() const {
  std::string text;
  for (const FamilyParameter& parameter : parameters_of(*this)) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {} to {}", parameter.name, parameter.low, parameter.high);
    if (parameter.step != 1) text += fmt::format(" in steps of {}", parameter.step);
  }
  return text;
}

std::span<const FamilyInfo> families() noexcept { return kFamilies; }

const FamilyInfo& Family::info() const noexcept {
  return kFamilies[static_cast<std::size_t>(kind)];
}

std::string to_string(const Family& family) {
  const FamilyInfo& info = family.info();
  std::string text(info.name);
  for (std::size_t i = 0; i < info.num_parameters; ++i) {
    text += fmt::format("{}{}", i == 0 ? "(" : ",", family.values[i]);
  }
  return info.num_parameters == 0 ? text : text + ")";
}

std::optional<Family> parse_family(std::string_view text) {
  const std::string name_and_values = compact(text);
  const std::string_view whole = name_and_values;
  const std::string_view name = whole.substr(0, whole.find('('));
  const auto info = std::find_if(kFamilies.begin(), kFamilies.end(),
                                 [&](const FamilyInfo& row) { return row.name == name; });
  if (info == kFamilies.end()) return std::nullopt;
  const auto values = parse_values(whole.substr(name.size()), info->num_parameters);
  if (!values) {
    throw std::invalid_argument(fmt::format("'{}', expected {}{}{}", whole, info->form(),
                                            info->num_parameters == 0 ? "" : " with ",
                                            info->ranges()));
  }
  const Family family{.kind = info->kind, .values = *values};
  check(family);
  return family;
}

std::vector<Family> all_members(const FamilyInfo& info) {
  std::vector<Family> members{{.kind = info.kind, .values = {}}};
  for (std::size_t i = 0; i < info.num_parameters; ++i) {
    const FamilyParameter& parameter = info.parameters[i];
    std::vector<Family> longer;
    for (Family member : members) {
      for (int value = parameter.low; value <= parameter.high; value += parameter.step) {
        member.values[i] = value;
        longer.push_back(member);
      }
    }
    members = std::move(longer);
  }
  return members;
}

Netlist make_netlist(const Family& family) {
  check(family);
  return family.info().build(family.values);
}

}  // namespace deepaxe::arith
