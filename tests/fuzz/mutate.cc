#include "mutate.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "deepaxe/base/philox.h"

namespace deepaxe::fuzz {
namespace {

// Draws of one mutation, one after the other.
class Draws {
 public:
  explicit Draws(std::uint64_t index) : rng_(kSeed, index) {}
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : rng_.below(bound, at_++); }

 private:
  static constexpr std::uint64_t kSeed = 2023;
  base::CounterRng rng_;
  std::uint64_t at_ = 0;
};

void overwrite_number(Bytes& bytes, std::size_t at, Draws& draws) {
  constexpr std::array<std::int64_t, 12> kNumbers = {
      0, 1, -1, 127, 128, 255, 32'767, 65'535, 0x7fff'ffff, -0x8000'0000LL, 1LL << 28, 1LL << 62};
  const std::int64_t number = kNumbers[draws.below(kNumbers.size())];
  const std::size_t width = std::size_t{1} << draws.below(4);
  std::memcpy(&bytes[at], &number, std::min(width, bytes.size() - at));
}

// Inserts up to 64 bytes of `source` at `at`.
void insert_piece(Bytes& bytes, std::size_t at, const Bytes& source, Draws& draws) {
  if (source.empty()) return;
  const std::size_t from = draws.below(source.size());
  const std::size_t length = 1 + draws.below(std::min<std::size_t>(64, source.size() - from));
  const Bytes piece(source.begin() + static_cast<std::ptrdiff_t>(from),
                    source.begin() + static_cast<std::ptrdiff_t>(from + length));
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
}

void change(Bytes& bytes, std::span<const Bytes> seeds, Draws& draws) {
  if (bytes.empty()) bytes.push_back(std::byte{0});
  const std::size_t at = draws.below(bytes.size());
  switch (draws.below(8)) {
    case 0:
    case 1:
      bytes[at] ^= static_cast<std::byte>(1U << draws.below(8));
      break;
    case 2:
      bytes[at] = static_cast<std::byte>(draws.below(256));
      break;
    case 3:
    case 4:
      overwrite_number(bytes, at, draws);
      break;
    case 5:
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() + static_cast<std::ptrdiff_t>(
                                      std::min(bytes.size(), at + 1 + draws.below(64))));
      break;
    case 6:
      insert_piece(bytes, at, seeds[draws.below(seeds.size())], draws);
      break;
    default:
      if (draws.below(4) == 0) bytes.resize(at);
      break;
  }
}

}  // namespace

Bytes mutate(std::span<const Bytes> seeds, std::uint64_t index) {
  Draws draws(index);
  Bytes bytes = seeds[draws.below(seeds.size())];
  for (std::size_t changes = 1 + draws.below(8); changes > 0; --changes) {
    change(bytes, seeds, draws);
  }
  return bytes;
}

}  // namespace deepaxe::fuzz
