#include "deepaxe/arith/multiplier_npy.h"

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "deepaxe/base/input_error.h"

namespace deepaxe::arith {

base::NpyArray to_npy(const Multiplier& multiplier) {
  base::NpyArray array{.dtype = "i2", .shape = {256, 256}, .bytes = {}};
  array.bytes.resize(Multiplier::kNumProducts * 2);
  std::byte* next = array.bytes.data();
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b, next += 2) {
      const std::int16_t product =
          multiplier(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
      std::memcpy(next, &product, 2);
    }
  }
  return array;
}

Multiplier multiplier_from_npy(const base::NpyArray& array, const std::string& file) {
  if (array.dtype != "i2" || array.shape != std::vector<std::size_t>{256, 256}) {
    throw base::InputError({file, "", "another array", "int16 [256, 256]"});
  }
  std::vector<std::int16_t> products(Multiplier::kNumProducts);
  const std::byte* next = array.bytes.data();
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b, next += 2) {
      const auto index =
          Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
      std::memcpy(&products[index], next, 2);
    }
  }
  return Multiplier(std::move(products));
}

}  // namespace deepaxe::arith
