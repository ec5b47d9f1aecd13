#include "deepaxe/hw/hls/reserved.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::hls {
namespace {

TEST(IsReserved, HoldsForKeywordsNamesOfTheFixedSourcesAndOfArrays) {
  for (const char* name :
       {"double", "xor_eq", "requantize_single", "conv_codes", "multiply_1KVP"}) {
    EXPECT_TRUE(is_reserved(name)) << name;
  }
  for (const char* name : {"conv", "Double", "codes", "multiply"}) {
    EXPECT_FALSE(is_reserved(name)) << name;
  }
}

}  // namespace
}  // namespace deepaxe::hw::hls
