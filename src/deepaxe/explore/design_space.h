// DesignSpace: the assignments of an exploration, those with equal products counted once.
// Source of the default space: Taheri et al., "DeepAxe", ISQED 2023, section III.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::explore {

struct DesignSpaceParams {
  std::vector<arith::MultiplierPtr> multipliers;  ///< Exact is always there besides.
  /// false: every non-empty subset of the computing layers x every multiplier, and exact once.
  /// true: every layer takes any multiplier or exact: (M + 1)^n.
  bool mixed = false;
  /// If not empty: these and exact, and nothing else.
  std::vector<engine::Assignment> assignments;
};

/// One point of the space; choices[l] is the index in DesignSpace::choices for computing layer l.
struct Design {
  std::vector<std::uint16_t> choices;
  std::vector<std::string> aliases;  ///< Other assignments with the same products, sorted.
};

struct DesignSpace {
  static constexpr std::uint64_t kMaxDesigns = 1'000'000;

  std::vector<arith::MultiplierPtr> choices;  ///< Distinct products; choices[0] is exact.
  std::vector<Design> designs;                ///< Distinct; designs[0] is exact.
  std::uint64_t num_listed = 0;               ///< Before equal products were merged.
  std::vector<std::string> notes;             ///< What was merged, for the reader.

  engine::Assignment assignment(const Design& design) const;
};

/// Throws base::InputError, naming the number, for more than kMaxDesigns.
DesignSpace make_design_space(const model::Int8Model& model, const DesignSpaceParams& params);

/// Orders designs so that neighbours share the longest prefixes of layers: indices of `designs`,
/// lexicographic by choices.
std::vector<std::size_t> depth_first_order(const std::vector<Design>& designs);

}  // namespace deepaxe::explore
