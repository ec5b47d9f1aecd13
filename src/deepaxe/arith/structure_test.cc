#include "deepaxe/arith/structure.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "deepaxe/arith/library.h"

namespace deepaxe::arith {
namespace {

// a b + error(a, b).
Structure with_error(const std::function<int(int a, int b)>& error) {
  std::vector<std::int16_t> products(Multiplier::kNumProducts);
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      products[Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b))] =
          static_cast<std::int16_t>(a * b + error(a, b));
    }
  }
  return analyze_structure(Multiplier(std::move(products)));
}

Structure structure_of(const char* name) {
  return analyze_structure(find_multiplier(name)->multiplier);
}

TEST(Structure, OfTheExactMultiplier) {
  const Structure exact = structure_of("exact");
  EXPECT_EQ(exact.separability, Separability::kExact);
  EXPECT_EQ(exact.error_rank, 0);
  EXPECT_EQ(exact.first_operand_bits, 0);
  EXPECT_EQ(exact.second_operand_bits, 0);
  EXPECT_TRUE(exact.commutes);
  EXPECT_TRUE(exact.is_odd);
  EXPECT_EQ(exact.zero_first_lsb, 0);
  EXPECT_EQ(exact.zero_second_lsb, 0);
}

TEST(Structure, TellsOneOperandProductAndSumApart) {
  EXPECT_EQ(with_error([](int a, int) { return a % 7; }).separability, Separability::kOneOperand);
  EXPECT_EQ(with_error([](int, int b) { return b & 3; }).separability, Separability::kOneOperand);
  EXPECT_EQ(with_error([](int a, int b) { return a % 7 * (b % 5); }).separability,
            Separability::kProduct);
  EXPECT_EQ(with_error([](int a, int b) { return a % 7 + b % 5; }).separability,
            Separability::kSum);
  EXPECT_EQ(with_error([](int a, int b) { return a & b & 3; }).separability, Separability::kNone);
}

TEST(Structure, NamesTheBitsThatTheErrorDependsOn) {
  const Structure structure = with_error([](int a, int b) { return (a & 5) * (b >> 6 & 1); });
  EXPECT_EQ(structure.first_operand_bits, 5);
  EXPECT_EQ(structure.second_operand_bits, 64);
  EXPECT_EQ(structure.error_rank, 1);
}

TEST(Structure, NamesTheLargestProductWithZero) {
  const Structure structure = with_error([](int a, int b) { return a == 0 ? b / 2 : 3; });
  EXPECT_EQ(structure.zero_first_lsb, 64);
  EXPECT_EQ(structure.zero_second_lsb, 3);
  EXPECT_FALSE(structure.commutes);
  EXPECT_FALSE(structure.is_odd);
}

TEST(Structure, ClearedBitsOfOneOperandAreAllThatBrokenRowsDependOn) {
  const Structure structure = structure_of("bam(3,0)");
  EXPECT_EQ(structure.first_operand_bits, 0b111);
  EXPECT_EQ(structure.second_operand_bits, 0xFF);
  EXPECT_EQ(structure.separability, Separability::kProduct);
  EXPECT_FALSE(structure.commutes);
}

TEST(Structure, SignMagnitudeFamiliesAreOddCommuteAndKeepZero) {
  for (const char* name : {"drum(4)", "roba", "mitchell", "alm(3)", "mbm", "ilm(1)"}) {
    const Structure structure = structure_of(name);
    EXPECT_TRUE(structure.is_odd) << name;
    EXPECT_TRUE(structure.commutes) << name;
    EXPECT_EQ(structure.zero_first_lsb, 0) << name;
    EXPECT_EQ(structure.zero_second_lsb, 0) << name;
  }
}

// docs/multiplier-families.md says so.
TEST(Structure, TheOtherFamiliesCommuteWhereTheyTreatOperandsAlike) {
  for (const char* name : {"bam(0,5)", "trunc(3)", "loa(5)", "tcc(5)", "tvc(5)", "roup(1,2)"}) {
    EXPECT_TRUE(structure_of(name).commutes) << name;
  }
  for (const char* name : {"bam(1,3)", "rad(6)", "roup(1,3)"}) {
    EXPECT_FALSE(structure_of(name).commutes) << name;
  }
}

}  // namespace
}  // namespace deepaxe::arith
