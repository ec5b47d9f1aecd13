// The loops themselves, compiled once for each instruction set: the compiler's vectorizer does the
// rest. No templates or inline functions of others here: their code might be shared between files
// and run where its instructions do not exist.
#include <cstring>

#include "deepaxe/fault/difference_loops.h"

namespace deepaxe::fault::DEEPAXE_LOOPS_NAMESPACE {
namespace {

void set_scaled(std::int32_t* sums, const std::int16_t* plane, std::int16_t step,
                std::size_t count) noexcept {
  for (std::size_t o = 0; o < count; ++o) sums[o] = std::int32_t{step} * plane[o];
}

void add_scaled(std::int32_t* sums, const std::int16_t* plane, std::int16_t step,
                std::size_t count) noexcept {
  for (std::size_t o = 0; o < count; ++o) sums[o] += std::int32_t{step} * plane[o];
}

// One comparison tests both bounds: below `low` the difference wraps to more than any width.
std::uint8_t is_outside(std::int32_t delta, std::int32_t low, std::uint32_t width) noexcept {
  return static_cast<std::uint32_t>(delta) - static_cast<std::uint32_t>(low) > width ? 1 : 0;
}

// Without a branch for each element: whether one lies outside is as good as random.
std::size_t find_outside(const std::int32_t* deltas, const std::int32_t* low,
                         const std::uint32_t* width, std::size_t count,
                         std::uint32_t* found) noexcept {
  constexpr std::size_t kChunk = 64;
  std::size_t num_found = 0;
  std::size_t o = 0;
  for (; o + 8 <= count;) {
    const std::size_t chunk = count - o < kChunk ? (count - o) / 8 * 8 : kChunk;
    std::uint8_t flags[kChunk];
    for (std::size_t i = 0; i < chunk; ++i) {
      flags[i] = is_outside(deltas[o + i], low[o + i], width[o + i]);
    }
    for (std::size_t i = 0; i < chunk; i += 8) {
      std::uint64_t word;
      std::memcpy(&word, flags + i, 8);
      if (word == 0) continue;
      for (std::size_t k = i; k < i + 8; ++k) {
        found[num_found] = static_cast<std::uint32_t>(o + k);
        num_found += flags[k];
      }
    }
    o += chunk;
  }
  for (; o < count; ++o) {
    found[num_found] = static_cast<std::uint32_t>(o);
    num_found += is_outside(deltas[o], low[o], width[o]);
  }
  return num_found;
}

}  // namespace

extern const DifferenceLoops kLoops;
const DifferenceLoops kLoops = {set_scaled, add_scaled, find_outside};

}  // namespace deepaxe::fault::DEEPAXE_LOOPS_NAMESPACE
