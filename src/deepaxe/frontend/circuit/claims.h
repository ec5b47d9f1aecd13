// Claim: what a file says of its own errors, and whether that is so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/product_table.h"

namespace deepaxe::frontend::circuit {

enum class Figure { kMae, kWce, kEp, kMre, kMse };

struct Claim {
  Figure figure = Figure::kMae;
  /// MAE and WCE: of 2^16, as EvoApproxLib has it. EP and MRE always are percentages.
  bool is_percent = false;
  double value = 0;
  double rounding = 0;  ///< Half a unit of the last digit that is printed.
  std::string text;     ///< "MAE% = 0.0018 %"
};

/// What comments that have their line to themselves say in the form `MAE% = 0.43 %`, `MAE = 284`,
/// `MSE = 33959.043e2`, as EvoApproxLib heads its files, anywhere in the line and as often as they
/// say it; WCRE and hardware figures are left out.
std::vector<Claim> find_claims(std::string_view text);

enum class Verdict {
  kAgrees,       ///< Within the rounding of what is printed.
  kDiffers,      ///< Beyond it, by at most 10 % of the measured figure.
  kContradicts,  ///< Beyond that.
};

struct ClaimCheck {
  Claim claim;
  double measured = 0;  ///< In the unit of the claim.
  Verdict verdict = Verdict::kAgrees;
};

/// `stats` are those of the circuit as it stands in the file, unwrapped.
std::vector<ClaimCheck> check_claims(const std::vector<Claim>& claims,
                                     const arith::ErrorStats& stats);

/// "'MAE% = 0.0018 %', measured 0.00191 %".
std::string describe(const ClaimCheck& check);

/// The descriptions of the claims that differ and of those that contradict.
struct ClaimsVerdict {
  std::vector<std::string> differing, contradicting;
};
ClaimsVerdict judge_claims(const std::vector<Claim>& claims, const arith::ErrorStats& stats);

/// Throws base::InputError, naming `file` and all claims that contradict, if there is one.
void require_agreement(const ClaimsVerdict& verdict, const std::string& file);

}  // namespace deepaxe::frontend::circuit
