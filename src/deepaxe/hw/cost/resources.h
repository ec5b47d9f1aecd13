// Resources: amounts of what a 7-series device is made of.
#pragma once

namespace deepaxe::hw::cost {

/// Amounts are estimates, hence fractions; BRAM in 36 Kb blocks, in halves (18 Kb).
struct Resources {
  double luts = 0;
  double ffs = 0;
  int dsps = 0;
  double bram_36kb = 0;

  bool operator==(const Resources&) const = default;
};

inline Resources operator+(const Resources& a, const Resources& b) noexcept {
  return {.luts = a.luts + b.luts,
          .ffs = a.ffs + b.ffs,
          .dsps = a.dsps + b.dsps,
          .bram_36kb = a.bram_36kb + b.bram_36kb};
}

}  // namespace deepaxe::hw::cost
