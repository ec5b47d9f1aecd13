#include "deepaxe/base/text.h"

#include <gtest/gtest.h>

namespace deepaxe::base {
namespace {

const std::vector<std::string> kNames = {"1KV6", "1KV8", "1KV9", "1KVP", "1KR3"};

TEST(EditDistance, IsAMetricOnSamples) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);  // Levenshtein's classic pair.
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("Conv1", "conv1"), 0u);
  for (const std::string& a : kNames) {
    for (const std::string& b : kNames) {
      EXPECT_EQ(edit_distance(a, b), edit_distance(b, a));
      EXPECT_EQ(edit_distance(a, b) == 0, a == b);
    }
  }
}

TEST(NearestNames, PutsTheNearestFirstAndKeepsTheOrderOfTies) {
  EXPECT_EQ(nearest_names("1kvp", kNames, 2), (std::vector<std::string>{"1KVP", "1KV6"}));
  EXPECT_EQ(nearest_names("x", kNames, 99).size(), kNames.size());
  EXPECT_TRUE(nearest_names("x", {}, 3).empty());
}

// A name out of a damaged file: comparing all of it would take minutes.
TEST(NearestNames, ComparesTheBeginningOfLongNamesOnly) {
  const std::string megabyte = "1KVP" + std::string(1 << 20, 'x');
  const std::vector<std::string> known(100, "1KVP");
  EXPECT_EQ(nearest_names(megabyte, known, 1), std::vector<std::string>{"1KVP"});
}

TEST(SplitItems, CutsAtCommasOutsideParenthesesAndTrims) {
  const auto items = [](std::string_view text) {
    const auto views = split_items(text);
    return std::vector<std::string>(views.begin(), views.end());
  };
  EXPECT_EQ(items("bam(1,3), 1KVP ,trunc(2)"),
            (std::vector<std::string>{"bam(1,3)", "1KVP", "trunc(2)"}));
  EXPECT_EQ(items(""), std::vector<std::string>{""});
  EXPECT_EQ(items("a,,b"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(items("bam(1,3"), std::vector<std::string>{"bam(1,3"});  // Not closed: one item.
}

TEST(Replaced, PutsInWhatMayHoldThePlaceholder) {
  EXPECT_EQ(replaced("NAME and NAME", "NAME", "a"), "a and a");
  EXPECT_EQ(replaced("NAME.", "NAME", "NAMES"), "NAMES.");
  EXPECT_EQ(replaced("aaa", "aa", ""), "a");
  EXPECT_EQ(replaced("none", "NAME", "a"), "none");
}

TEST(Join, PutsTheSeparatorBetweenParts) {
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(join(std::vector<std::string>{"", "b", ""}, ","), ",b,");
}

TEST(AlignColumns, StartsEachColumnBelowItsHeading) {
  const std::vector<std::vector<std::string>> rows = {{"a", "bc", "d"}, {"long", "", "e"}, {"f"}};
  EXPECT_EQ(align_columns(rows), "a     bc  d\nlong      e\nf\n");
}

}  // namespace
}  // namespace deepaxe::base
