#include "deepaxe/hw/timing/logic_path.h"

#include <algorithm>

namespace deepaxe::hw::timing {
namespace {

constexpr int kBitsPerCarry = 4;

double end_ns(PathEnd end, const DeviceTiming& timing) {
  switch (end) {
    case PathEnd::kEnable:
      return timing.enable_setup;
    case PathEnd::kReset:
      return timing.reset_setup;
    case PathEnd::kData:
      break;
  }
  return 0;
}

int num_nets(const LogicPath& path) {
  const int nets = path.lut_levels + (path.block_ns > 0) + (path.end != PathEnd::kData);
  return std::max(nets, 1);
}

double cells_ns(const LogicPath& path, const DeviceTiming& timing) {
  const double start = path.start == PathStart::kMemory ? timing.memory_to_q : timing.register_to_q;
  const int carries = (path.carry_bits + kBitsPerCarry - 1) / kBitsPerCarry;
  return start + path.lut_levels * timing.lut +
         path.carry_chains * (timing.carry_in + timing.carry_out) + carries * timing.carry_4 +
         path.block_ns + end_ns(path.end, timing);
}

}  // namespace

PathDelay slower(const PathDelay& a, const PathDelay& b) noexcept {
  return {.ns = std::max(a.ns, b.ns),
          .low_ns = std::max(a.low_ns, b.low_ns),
          .high_ns = std::max(a.high_ns, b.high_ns)};
}

PathDelay delay_of(const LogicPath& path, const DeviceTiming& timing) {
  const double cells = cells_ns(path, timing);
  const int nets = num_nets(path);
  return {.ns = cells + nets * timing.net,
          .low_ns = cells + nets * (timing.net - timing.net_deviation),
          .high_ns = cells + nets * (timing.net + timing.net_deviation)};
}

int stages_needed(const LogicPath& path, double mhz, const DeviceTiming& timing) {
  const double period = 1e3 / mhz;
  const int most = std::max(path.lut_levels, 1);
  for (int stages = 1; stages <= most; ++stages) {
    LogicPath part = path;
    part.lut_levels = (path.lut_levels + stages - 1) / stages;
    if (delay_of(part, timing).ns <= period) return stages;
  }
  return 0;
}

}  // namespace deepaxe::hw::timing
