#include "deepaxe/hw/cost/memory_style.h"

#include <cstddef>

namespace deepaxe::hw::cost {
namespace {

constexpr double kWordsPerLut = 64;
constexpr double kWordsPerSlice = 256;  // Four LUTs and the multiplexers of the slice.
constexpr double kRamLutsPerBit = 4.0 / 3;

constexpr double kCodeBits = 8;

double ceil_div(double a, double b) {
  return static_cast<double>((static_cast<std::size_t>(a) + static_cast<std::size_t>(b) - 1) /
                             static_cast<std::size_t>(b));
}

// LUTs of `words` x `width` bits, luts_per_bit for 64 words of one bit.
double memory_luts(double words, double width, double luts_per_bit) {
  if (words == 0) return 0;
  const double slices = ceil_div(words, kWordsPerSlice);
  const double multiplexers = ceil_div(slices - 1, 3);  // LUTs that choose one of four, as a tree.
  return width * (luts_per_bit * ceil_div(words, kWordsPerLut) + multiplexers);
}

}  // namespace

double rom_luts(const model::Int8Node& node, int lanes) {
  if (!model::is_computing(node.op)) return 0;
  const auto weights = static_cast<double>(node.weights.size());
  return memory_luts(ceil_div(weights, lanes), kCodeBits * lanes, 1);
}

double ram_luts(std::int64_t codes) {
  return memory_luts(static_cast<double>(codes), kCodeBits, kRamLutsPerBit);
}

}  // namespace deepaxe::hw::cost
