#include "deepaxe/arith/family.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace deepaxe::arith {
namespace {

Family bam(int h, int v) { return {.kind = FamilyKind::kBam, .values = {h, v}}; }
Family trunc(int k) { return {.kind = FamilyKind::kTrunc, .values = {k}}; }

TEST(Family, RowsStandInTheOrderOfTheirKindsUnderDifferentNames) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < families().size(); ++i) {
    const FamilyInfo& info = families()[i];
    EXPECT_EQ(static_cast<std::size_t>(info.kind), i);
    EXPECT_EQ(&Family{.kind = info.kind}.info(), &info);
    EXPECT_FALSE(info.summary.empty());
    EXPECT_FALSE(info.source.empty());
    names.insert(info.name);
  }
  EXPECT_EQ(names.size(), families().size());
}

TEST(Family, PrintedTextOfEveryMemberParsesToTheSameMember) {
  for (const FamilyInfo& info : families()) {
    for (const Family& family : all_members(info)) {
      EXPECT_EQ(parse_family(to_string(family)), family) << to_string(family);
    }
  }
  EXPECT_EQ(to_string(bam(1, 3)), "bam(1,3)");
  EXPECT_EQ(to_string(Family{.kind = FamilyKind::kMitchell}), "mitchell");
  EXPECT_EQ(parse_family(" BAM( 1, 3 ) "), bam(1, 3));
  EXPECT_EQ(parse_family("Mitchell()"), Family{.kind = FamilyKind::kMitchell});
}

TEST(Family, HasAMemberForEveryCombinationOfValues) {
  EXPECT_EQ(all_members(bam(0, 0).info()).size(), 9U * 16U);
  EXPECT_EQ(all_members(Family{.kind = FamilyKind::kRoba}.info()).size(), 1U);
  EXPECT_EQ(all_members(Family{.kind = FamilyKind::kRad}.info()).size(), 3U);  // 4, 6 and 8.
}

TEST(Family, TextOfAnotherFormIsNoFamily) {
  for (const char* text : {"", "(", "(1)", "1KVP", "bams(1,2)", "exact", "mitchel"}) {
    EXPECT_EQ(parse_family(text), std::nullopt) << text;
  }
}

std::string message_of(const char* text) {
  try {
    parse_family(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Family, WrongParametersAreAnsweredWithTheFormAndItsRanges) {
  EXPECT_EQ(message_of("bam(1)"), "'bam(1)', expected bam(h,v) with h 0 to 8, v 0 to 15");
  EXPECT_EQ(message_of("rad"), "'rad', expected rad(k) with k 4 to 8 in steps of 2");
  EXPECT_EQ(message_of("roba(1)"), "'roba(1)', expected roba");
  for (const char* text : {"bam", "bam(", "bam()", "bam(1,)", "bam(1,3", "bam(1,3)x", "trunc(1,2)",
                           "trunc(-1)", "trunc(99999999999)"}) {
    EXPECT_NE(message_of(text).find(", expected "), std::string::npos) << text;
  }
}

TEST(Family, AValueOutOfRangeIsNamedWithItsRange) {
  EXPECT_EQ(message_of("bam(9,0)"), "bam(h,v) has h = 9, expected 0 to 8");
  EXPECT_EQ(message_of("bam(0,16)"), "bam(h,v) has v = 16, expected 0 to 15");
  EXPECT_EQ(message_of("trunc(8)"), "trunc(k) has k = 8, expected 0 to 7");
  EXPECT_EQ(message_of("rad(5)"), "rad(k) has k = 5, expected 4 to 8 in steps of 2");
  EXPECT_EQ(message_of("drum(2)"), "drum(k) has k = 2, expected 3 to 8");
  EXPECT_THROW(make_netlist(bam(-1, 0)), std::invalid_argument);
  EXPECT_THROW(make_netlist(trunc(8)), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::arith
