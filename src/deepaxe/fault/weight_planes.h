// Weight planes: what a change of one input of a computing layer adds to its sums.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/fault/product_terms.h"
#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::fault {

/// Of the one multiplier of a layer; empty where it has none or channels differ in theirs.
std::optional<ProductTerms> common_terms(const std::vector<const arith::Multiplier*>& multipliers);

/// What the accumulators of one input element's outputs are made from, contiguous by output:
/// [kernel_h][kernel_w][in_c][planes][out_c / groups]. With terms, plane t holds factor_t of the
/// weights; without, the one plane holds the weights themselves.
std::vector<std::int16_t> planes_by_input(const kernel::ComputingLayer& layer,
                                          const std::optional<ProductTerms>& terms);

/// Planes as ByteRows hold them, 128 more; empty where a value is outside [-128, 127].
std::vector<std::uint8_t> bytes_of(const std::vector<std::int16_t>& planes);

}  // namespace deepaxe::fault
