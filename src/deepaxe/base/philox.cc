#include "deepaxe/base/philox.h"

#include <Random123/philox.h>

#include <cstddef>

namespace deepaxe::base {

std::array<std::uint32_t, 4> CounterRng::words(std::uint64_t index) const noexcept {
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
       static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)}};
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)}};
  const auto result = r123::Philox4x32()(counter, key);
  return {result[0], result[1], result[2], result[3]};
}

std::uint64_t CounterRng::word64(std::uint64_t index, int lane) const noexcept {
  const auto w = words(index);
  const auto first = static_cast<std::size_t>(lane) * 2;
  return std::uint64_t{w[first]} << 32 | w[first + 1];
}

std::uint64_t CounterRng::below(std::uint64_t bound, std::uint64_t index, int lane) const noexcept {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{word64(index, lane)} * bound) >> 64);
}

double CounterRng::unit(std::uint64_t index, int lane) const noexcept {
  return static_cast<double>(word64(index, lane) >> 11) * 0x1.0p-53;
}

}  // namespace deepaxe::base
