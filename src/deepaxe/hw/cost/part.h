// Part: a named device and what it holds, the limit of every design that is to go into it.
// Source: AMD, 7 Series FPGAs Overview (DS180) and Zynq-7000 SoC Overview (DS190).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/hw/cost/resources.h"

namespace deepaxe::hw::cost {

struct Part {
  std::string_view name;    ///< "xc7s100": without package and speed grade.
  std::string_view source;  ///< The data sheet of its family.
  int luts = 0;
  int ffs = 0;
  int dsps = 0;
  int bram_36kb = 0;

  bool operator==(const Part&) const = default;
};

/// The device of the paper, AMD Spartan-7.
inline constexpr Part kXc7s100 = {"xc7s100", "DS180", 64'000, 128'000, 160, 120};

/// All parts known, by family and size.
std::span<const Part> parts() noexcept;

/// By name, in any case. Throws base::InputError with all known names.
const Part& find_part(std::string_view name);

/// The part of a device as a tool names it, with package and speed grade, in any case, with "xc" or
/// without: "7z020clg484-1" is an xc7z020. Null if none of the table is its part.
const Part* find_part_of_device(std::string_view device);

/// (FF + LUT) / (all FF + LUT of the part), in [0, 1] if both fit: how the paper states resources.
double utilization_fraction(const Resources& resources, const Part& part) noexcept;

/// A resource of which a design needs more than its part has.
struct Shortage {
  std::string_view resource;  ///< "lut", "ff", "dsp", "bram"
  double need = 0;
  double limit = 0;

  bool operator==(const Shortage&) const = default;
};

/// In the order of Part's members; empty if the design fits. A part has no more than its limit to
/// give, so placement may fail where this is empty.
std::vector<Shortage> find_shortages(const Resources& resources, const Part& part);

/// "3812 LUT needed, 3750 there; 12 BRAM needed, 5 there".
std::string to_string(std::span<const Shortage> shortages);

}  // namespace deepaxe::hw::cost
