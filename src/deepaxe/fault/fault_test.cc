#include "deepaxe/fault/fault.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace deepaxe::fault {
namespace {

TEST(Fault, EffectsActOnTheirBitsAlone) {
  for (int bit = 0; bit < 31; ++bit) {
    const std::uint32_t one = 1U << bit, two = 3U << bit;
    for (const std::uint32_t word : {0U, 0xFFFF'FFFFU, 0xDEAD'BEEFU}) {
      EXPECT_EQ(apply(Effect::kFlip, word, bit) ^ word, one);
      EXPECT_EQ(apply(Effect::kFlipTwo, word, bit) ^ word, two);
      EXPECT_EQ(apply(Effect::kStuckAt0, word, bit), word & ~one);
      EXPECT_EQ(apply(Effect::kStuckAt1, word, bit), word | one);
    }
  }
}

TEST(Fault, BitSevenIsTheSignOfACode) {
  EXPECT_EQ(apply(Effect::kFlip, std::int8_t{5}, 7), -123);
  EXPECT_EQ(apply(Effect::kFlip, std::int8_t{-128}, 7), 0);
  EXPECT_EQ(apply(Effect::kFlipTwo, std::int8_t{0}, 6), -64);
}

TEST(Fault, AShiftStaysOneThatTheRequantizerHas) {
  for (const Effect effect :
       {Effect::kFlip, Effect::kFlipTwo, Effect::kStuckAt0, Effect::kStuckAt1}) {
    for (int shift = -31; shift <= 30; ++shift) {
      for (int bit = 0; bit + (effect == Effect::kFlipTwo) < kShiftBits; ++bit) {
        const int after = apply_to_shift(effect, shift, bit);
        EXPECT_GE(after, -31);
        EXPECT_LE(after, 30);
      }
    }
  }
  EXPECT_EQ(apply_to_shift(Effect::kFlip, -8, 0), -7);
  EXPECT_EQ(apply_to_shift(Effect::kFlip, -8, 5), 24);
  EXPECT_EQ(apply_to_shift(Effect::kFlip, -1, 5), 30);  // 31, the nearest that exists.
}

TEST(Fault, NamesAreReadBack) {
  for (int i = 0; i < kNumTargets; ++i) {
    EXPECT_EQ(parse_target(to_string(static_cast<Target>(i))), static_cast<Target>(i));
  }
  for (int i = 0; i < kNumEffects; ++i) {
    EXPECT_EQ(parse_effect(to_string(static_cast<Effect>(i))), static_cast<Effect>(i));
  }
  EXPECT_FALSE(parse_target("register").has_value());
  EXPECT_FALSE(parse_effect("").has_value());
}

}  // namespace
}  // namespace deepaxe::fault
