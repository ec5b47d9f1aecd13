#include "deepaxe/frontend/circuit/claims.h"

#include <gtest/gtest.h>

#include "deepaxe/arith/library.h"

namespace deepaxe::frontend::circuit {
namespace {

Verdict verdict_of(const char* claim, const arith::ErrorStats& stats) {
  const std::vector<Claim> claims = find_claims(claim);
  EXPECT_EQ(claims.size(), 1U) << claim;
  return claims.empty() ? Verdict::kAgrees : check_claims(claims, stats)[0].verdict;
}

TEST(Claims, EveryFormOfEvoApproxLibIsRead) {
  const std::vector<Claim> claims = find_claims(
      "/***\n* MAE% of nothing\n***/\n// MAE% = 0.43 %\n// MAE = 284 \r\n// WCE% = 2.15 %\n"
      "// WCRE% = 80.00 %\n// EP% = 87.31 %\n// MRE = 5.720000 %\n// MSE = 33959.043e2 \n"
      "# WCE = 2824\n// PDK45_PWR = 0.142 mW\nMAE = 3;\n// EP = 3\n");
  ASSERT_EQ(claims.size(), 7U);
  EXPECT_EQ(claims[0].figure, Figure::kMae);
  EXPECT_TRUE(claims[0].is_percent);
  EXPECT_DOUBLE_EQ(claims[0].rounding, 0.005);
  EXPECT_EQ(claims[1].text, "MAE = 284");
  EXPECT_FALSE(claims[1].is_percent);
  EXPECT_DOUBLE_EQ(claims[1].rounding, 0.5);
  EXPECT_TRUE(claims[4].is_percent);
  EXPECT_DOUBLE_EQ(claims[5].value, 3395904.3);
  EXPECT_DOUBLE_EQ(claims[5].rounding, 0.05);
  EXPECT_EQ(claims[6].value, 2824);
}

// The published figure of 1KV8 is 0.0018 %; 1.25 of 65536 are 0.0019 %.
TEST(Claims, ThePublishedErrorOf1Kv8DiffersButDoesNotContradict) {
  const arith::ErrorStats stats = arith::error_stats(arith::find_multiplier("1KV8")->multiplier);
  EXPECT_EQ(verdict_of("// MAE% = 0.0018 %", stats), Verdict::kDiffers);
  EXPECT_EQ(verdict_of("// MAE% = 0.0019 %", stats), Verdict::kAgrees);
  EXPECT_EQ(verdict_of("// MAE% = 0.0017 %", stats), Verdict::kContradicts);
  EXPECT_EQ(describe(check_claims(find_claims("// MAE% = 0.0018 %"), stats)[0]),
            "'MAE% = 0.0018 %', measured 0.00190735 %");
}

TEST(Claims, TheLibrarysPublishedFiguresNeverContradict) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const arith::ErrorStats stats =
        arith::error_stats(arith::find_multiplier(entry.name)->multiplier);
    EXPECT_EQ(verdict_of(("// MRE% = " + std::to_string(entry.published.mre_percent)).c_str(),
                         stats) == Verdict::kContradicts,
              false)
        << entry.name;
  }
}

TEST(Claims, NoErrorIsClaimedAsNoErrorOnly) {
  const arith::ErrorStats exact = arith::error_stats(arith::exact_multiplier()->multiplier);
  EXPECT_EQ(verdict_of("// WCE = 0", exact), Verdict::kAgrees);
  EXPECT_EQ(verdict_of("// WCE = 1", exact), Verdict::kContradicts);
  const arith::ErrorStats coarse = arith::error_stats(arith::find_multiplier("1L12")->multiplier);
  EXPECT_EQ(verdict_of("// EP% = 0.00 %", coarse), Verdict::kContradicts);
}

TEST(Claims, HalfAUnitIsRounding) {
  const arith::ErrorStats stats{.mean_absolute_lsb = 12.5};
  EXPECT_EQ(verdict_of("// MAE = 12", stats), Verdict::kAgrees);
  EXPECT_EQ(verdict_of("// MAE = 13", stats), Verdict::kAgrees);
  EXPECT_EQ(verdict_of("// MAE = 12.4", stats), Verdict::kDiffers);
  EXPECT_EQ(verdict_of("// MAE = 1.2e1", stats), Verdict::kAgrees);
}

TEST(Claims, AnywhereInACommentAndSeveralInALine) {
  const std::vector<Claim> claims = find_claims(
      "// mul8s_x: MAE = 12, WCE% = 0.5 %; (EP = 3 %)\n# Errors, MSE=7\n * of WCMRE% = 9 %, MAE_x "
      "= 3\n");
  ASSERT_EQ(claims.size(), 4U);
  EXPECT_EQ(claims[0].text, "MAE = 12");
  EXPECT_EQ(claims[1].text, "WCE% = 0.5 %");
  EXPECT_EQ(claims[2].text, "EP = 3 %");
  EXPECT_EQ(claims[3].text, "MSE=7");
}

TEST(Claims, EveryOneIsJudged) {
  const arith::ErrorStats stats = arith::error_stats(arith::find_multiplier("1KV8")->multiplier);
  const ClaimsVerdict verdict =
      judge_claims(find_claims("// MAE = 2, MAE% = 0.0018 %\n// WCE = 9\n// EP = 50 %\n"), stats);
  EXPECT_EQ(verdict.differing,
            std::vector<std::string>{"'MAE% = 0.0018 %', measured 0.00190735 %"});
  EXPECT_EQ(verdict.contradicting,
            (std::vector<std::string>{"'MAE = 2', measured 1.25", "'WCE = 9', measured 5"}));
}

TEST(Claims, NonsenseIsNoClaim) {
  EXPECT_TRUE(find_claims("// MAE = nan\n// MAE =\n// MAE 3\n//MSE = 3 %\n// EP% = x\n").empty());
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
