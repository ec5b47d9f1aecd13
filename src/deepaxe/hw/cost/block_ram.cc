#include "deepaxe/hw/cost/block_ram.h"

#include <algorithm>
#include <array>
#include <limits>

namespace deepaxe::hw::cost {
namespace {

struct Shape {
  int width;
  int words;  // Of a 36 Kb block; a half has half of them.
};
// The last one reads through both ports, and a half cannot.
constexpr std::array<Shape, 7> kShapes = {
    {{1, 32768}, {2, 16384}, {4, 8192}, {9, 4096}, {18, 2048}, {36, 1024}, {72, 512}}};

std::int64_t column_halves(const Shape& shape, std::int64_t words) {
  const std::int64_t rest = words % shape.words;
  const bool half_suffices = shape.width < 72 && rest <= shape.words / 2;
  return 2 * (words / shape.words) + (rest == 0 ? 0 : (half_suffices ? 1 : 2));
}

std::int64_t halves(const Shape& shape, std::int64_t words, int width) {
  std::int64_t sum = width / shape.width * column_halves(shape, words);
  const int rest = width % shape.width;
  if (rest == 0) return sum;
  const auto narrow = std::ranges::find_if(
      kShapes, [rest](const Shape& candidate) { return candidate.width >= rest; });
  return sum + column_halves(*narrow, words);
}

}  // namespace

double block_ram_36kb(std::int64_t words, int width) {
  if (words <= 0 || width <= 0) return 0;
  std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
  for (const Shape& shape : kShapes) fewest = std::min(fewest, halves(shape, words, width));
  return 0.5 * static_cast<double>(fewest);
}

}  // namespace deepaxe::hw::cost
