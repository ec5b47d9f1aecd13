#include "deepaxe/frontend/circuit/source.h"

#include <gtest/gtest.h>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr auto kSigned = Signedness::kSigned;
constexpr auto kUnsigned = Signedness::kUnsigned;

TEST(Source, WhatIsAskedGoesFirstThenWhatIsSureThenNamesThenTypes) {
  const Source file{.file = "dir/mul8u_x.c", .asked = std::nullopt};
  const Source asked{.file = "dir/mul8u_x.c", .asked = kSigned};
  EXPECT_EQ(decide(asked, {kUnsigned, kUnsigned}, "mul8u_x"), kSigned);
  EXPECT_EQ(decide(file, {kSigned, kUnsigned}, "mul8u_x"), kSigned);
  EXPECT_EQ(decide(file, {std::nullopt, kUnsigned}, "mul8s_x"), kSigned);
  EXPECT_EQ(decide(file, {std::nullopt, kSigned}, "f"), kUnsigned);
  const Source plain{.file = "x.c", .asked = std::nullopt};
  EXPECT_EQ(decide(plain, {std::nullopt, kSigned}, "f"), kSigned);
  EXPECT_EQ(decide(plain, {}, "mul8_034"), kUnsigned);
  EXPECT_THROW(decide(plain, {}, "f"), base::InputError);
}

TEST(Source, TheSameBitsAreReadAsSignedOrUnsigned) {
  const arith::MultiplierPtr exact = arith::find_multiplier("1KV6");
  EXPECT_EQ(tabulate(netlist_of(*exact), kSigned).products[0xFF01], -1);
  EXPECT_EQ(tabulate(netlist_of(*exact), kUnsigned).products[0xFF01], 0xFFFF);
  EXPECT_EQ(arith::identity(tabulate(netlist_of(*exact), kSigned)), exact->multiplier.identity());
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
