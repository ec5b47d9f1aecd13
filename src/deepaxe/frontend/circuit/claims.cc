#include "deepaxe/frontend/circuit/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr double kMostRelative = 0.1;

struct FigureName {
  std::string_view name;
  Figure figure;
};
constexpr std::array<FigureName, 5> kFigures = {{{"MAE", Figure::kMae},
                                                 {"WCE", Figure::kWce},
                                                 {"EP", Figure::kEp},
                                                 {"MRE", Figure::kMre},
                                                 {"MSE", Figure::kMse}}};

bool take(std::string_view& text, std::string_view token) {
  text = base::trim(text);
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

// "33959.043e2": its value, and half a unit of its last digit.
bool take_number(std::string_view& text, Claim& claim) {
  text = base::trim(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), claim.value);
  if (error != std::errc() || !std::isfinite(claim.value)) return false;
  const std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(number.size());
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  int exponent = 0;
  if (e < number.size()) {
    const std::size_t begin = e + 1 + (number[e + 1] == '+' ? 1 : 0);
    std::from_chars(number.data() + begin, number.data() + number.size(), exponent);
  }
  const std::size_t point = number.substr(0, e).find('.');
  if (point != std::string_view::npos) exponent -= static_cast<int>(e - point - 1);
  claim.rounding = 0.5 * std::pow(10, exponent);
  return true;
}

// The text of a line that is a comment; empty for any other.
std::string_view comment_of(std::string_view line) {
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  const std::size_t begin = line.find_first_not_of(" \t/*#");
  return begin == std::string_view::npos || begin == 0 ? "" : line.substr(begin);
}

// "MAE% = 0.43 %" at the front of `text`, which is then cut off.
std::optional<Claim> take_claim(std::string_view& text) {
  std::string_view rest = text;
  const auto found = std::ranges::find_if(
      kFigures, [&](const FigureName& figure) { return take(rest, figure.name); });
  if (found == kFigures.end()) return std::nullopt;
  Claim claim{.figure = found->figure, .text = {}};
  claim.is_percent = take(rest, "%");
  if (!take(rest, "=") || !take_number(rest, claim)) return std::nullopt;
  claim.is_percent = take(rest, "%") || claim.is_percent;
  const bool needs_percent = claim.figure == Figure::kEp || claim.figure == Figure::kMre;
  const bool allows_percent = claim.figure != Figure::kMse;
  if (claim.is_percent ? !allows_percent : needs_percent) return std::nullopt;
  claim.text = base::trim(text.substr(0, text.size() - rest.size()));
  text = rest;
  return claim;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Claims begin where words do: the MRE of WCMRE is none.
void find_claims_in_comment(std::string_view text, std::vector<Claim>& claims) {
  while (!text.empty()) {
    if (auto claim = take_claim(text)) {
      claims.push_back(std::move(*claim));
      continue;
    }
    while (!text.empty() && is_word(text.front())) text.remove_prefix(1);
    while (!text.empty() && !is_word(text.front())) text.remove_prefix(1);
  }
}

double measured_figure(const Claim& claim, const arith::ErrorStats& stats) {
  const double scale = claim.is_percent ? 100.0 / 65536 : 1;
  switch (claim.figure) {
    case Figure::kMae:
      return scale * stats.mean_absolute_lsb;
    case Figure::kWce:
      return scale * stats.worst_case_lsb;
    case Figure::kEp:
      return 100 * stats.probability;
    case Figure::kMre:
      return 100 * stats.mean_relative;
    case Figure::kMse:
      break;
  }
  return stats.mean_square_lsb2;
}

}  // namespace

std::vector<Claim> find_claims(std::string_view text) {
  std::vector<Claim> claims;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    find_claims_in_comment(comment_of(text.substr(0, end)), claims);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return claims;
}

std::vector<ClaimCheck> check_claims(const std::vector<Claim>& claims,
                                     const arith::ErrorStats& stats) {
  std::vector<ClaimCheck> checks;
  checks.reserve(claims.size());
  for (const Claim& claim : claims) {
    ClaimCheck check{claim, measured_figure(claim, stats), Verdict::kAgrees};
    const double difference = std::abs(check.measured - claim.value);
    constexpr double kSlack = 1 + 1e-9;  // A figure half way between two printed ones.
    if (difference > kSlack * claim.rounding) {
      check.verdict =
          difference > kMostRelative * check.measured ? Verdict::kContradicts : Verdict::kDiffers;
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

std::string describe(const ClaimCheck& check) {
  return fmt::format("'{}', measured {:.6g}{}", check.claim.text, check.measured,
                     check.claim.is_percent ? " %" : "");
}

ClaimsVerdict judge_claims(const std::vector<Claim>& claims, const arith::ErrorStats& stats) {
  ClaimsVerdict verdict;
  for (const ClaimCheck& check : check_claims(claims, stats)) {
    if (check.verdict == Verdict::kDiffers) verdict.differing.push_back(describe(check));
    if (check.verdict == Verdict::kContradicts) verdict.contradicting.push_back(describe(check));
  }
  return verdict;
}

void require_agreement(const ClaimsVerdict& verdict, const std::string& file) {
  if (verdict.contradicting.empty()) return;
  throw base::InputError({file, "claims", base::join(verdict.contradicting, "; "),
                          "at most 10 % between them; import --ignore-claims takes it as it is"});
}

}  // namespace deepaxe::frontend::circuit
