#include "deepaxe/hw/cost/resource_source.h"

namespace deepaxe::hw::cost {
namespace {

Resources times(int count, const Resources& one) noexcept {
  return {.luts = count * one.luts,
          .ffs = count * one.ffs,
          .dsps = count * one.dsps,
          .bram_36kb = count * one.bram_36kb};
}

}  // namespace

Estimate operator*(int count, const Estimate& one) noexcept {
  return {times(count, one.value), times(count, one.low), times(count, one.high)};
}

}  // namespace deepaxe::hw::cost
