// LogicPath: what lies between two registers, and how long a signal may take through it.
#pragma once

#include <string_view>

#include "deepaxe/hw/timing/device_timing.h"

namespace deepaxe::hw::timing {

enum class PathStart { kRegister, kMemory };    ///< Memory: a block RAM's output.
enum class PathEnd { kData, kEnable, kReset };  ///< Pins of the last register.

/// LUTs and carry chains in series. The net before a LUT is counted; the one from a LUT into the
/// carry chain of its slice and that from LUT or chain into a register beside it are not.
struct LogicPath {
  std::string_view circuit = {};  ///< "multiplier", "rounding"...
  PathStart start = PathStart::kRegister;
  PathEnd end = PathEnd::kData;
  int lut_levels = 0;
  int carry_chains = 0;  ///< Each begins behind one of the LUTs...
  int carry_bits = 0;    ///< ...and so many bits are passed in all of them together.
  double block_ns = 0;   ///< In a DSP slice.
};

/// low and high: all nets one standard deviation shorter or longer. Not a bound.
struct PathDelay {
  double ns = 0, low_ns = 0, high_ns = 0;
};
/// Of the slower of two, whichever that is when all nets are short or long.
PathDelay slower(const PathDelay& a, const PathDelay& b) noexcept;
PathDelay delay_of(const LogicPath& path, const DeviceTiming& timing = kArtix7Minus1);

inline double to_mhz(double ns) noexcept { return 1e3 / ns; }

/// Registers that the product of a path needs, the one at its end included, for a clock of so many
/// MHz: the least number of stages into which its LUT levels divide. 0: no number is enough.
int stages_needed(const LogicPath& path, double mhz, const DeviceTiming& timing = kArtix7Minus1);

}  // namespace deepaxe::hw::timing
