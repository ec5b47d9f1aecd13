#include "deepaxe/base/input_error.h"

#include <gtest/gtest.h>

namespace deepaxe::base {
namespace {

TEST(InputError, NamesFilePlaceFoundAndExpected) {
  const InputError error({"model.h5", "layer 'conv1'", "kernel 3x3x2", "3x3x1"});
  EXPECT_STREQ(error.what(), "model.h5: layer 'conv1': found kernel 3x3x2, expected 3x3x1");
  EXPECT_EQ(error.parts().place, "layer 'conv1'");
}

TEST(InputError, LeavesOutWhatIsNotKnown) {
  EXPECT_STREQ(InputError({"a", "", "b", ""}).what(), "a: found b");
  EXPECT_STREQ(InputError({"a", "", "", "c"}).what(), "a, expected c");
  EXPECT_STREQ(InputError({"", "", "b", "c"}).what(), "found b, expected c");
}

TEST(InputError, IsOneLineWhateverItsPartsHold) {
  EXPECT_STREQ(InputError({"a\nb", "", "c\r\nd", ""}).what(), "a b: found c  d");
}

}  // namespace
}  // namespace deepaxe::base
