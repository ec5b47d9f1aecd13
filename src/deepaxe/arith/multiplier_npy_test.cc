#include "deepaxe/arith/multiplier_npy.h"

#include <gtest/gtest.h>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::arith {
namespace {

TEST(MultiplierNpy, ReadingUndoesWriting) {
  for (const LibraryEntry& entry : library()) {
    const Multiplier& multiplier = find_multiplier(entry.name)->multiplier;
    EXPECT_EQ(multiplier_from_npy(to_npy(multiplier), "").identity(), multiplier.identity());
  }
}

TEST(MultiplierNpy, TheProductOfAAndBIsAtAPlus128BPlus128) {
  const std::vector<double> products = to_npy(Multiplier::exact()).as_doubles();
  EXPECT_EQ(products[0], 128 * 128);
  EXPECT_EQ(products[(128 + 3) * 256 + 128 - 5], 3 * -5);
}

TEST(MultiplierNpy, RefusesAnotherShape) {
  base::NpyArray array = to_npy(Multiplier::exact());
  array.shape = {65536};
  EXPECT_THROW(multiplier_from_npy(array, "x.npy"), base::InputError);
}

}  // namespace
}  // namespace deepaxe::arith
