// Energy of the reads of a memory outside the part.
#pragma once

#include <cstdint>
#include <string_view>

namespace deepaxe::hw::power {

/// Nanojoules, least and most.
struct EnergyRange {
  double low_nj = 0, high_nj = 0;
};

/// Of a DRAM that delivers so many bytes, 8 at a time: 1.3 to 2.6 nJ for 64 bits at 45 nm,
/// interface included (Horowitz, "Computing's energy problem", ISSCC 2014, pp. 10-14, as commonly
/// cited; the paper itself was not in reach). Another kind of figure than those of DeviceEnergy, of
/// another technology: never to be added to them unseen.
constexpr EnergyRange dram_reads(std::int64_t bytes) noexcept {
  const double words = static_cast<double>(bytes) / 8;
  return {.low_nj = 1.3 * words, .high_nj = 2.6 * words};
}

/// For outputs: what the range is of.
inline constexpr std::string_view kDramSource =
    "DRAM, 1.3 to 2.6 nJ for 64 bits (Horowitz, ISSCC 2014, 45 nm), a range of another kind "
    "than the power and not in it";

}  // namespace deepaxe::hw::power
