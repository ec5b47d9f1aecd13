// The Pareto front of points with k objectives, all minimised.
// Source: Kung, Luccio, Preparata, "On finding the maxima of a set of vectors", J. ACM 22(4), 1975.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace deepaxe::pareto {

/// True if `a` is nowhere larger than `b` and somewhere smaller. Equal points do not dominate each
/// other. Both have the same number of objectives; none may be NaN.
bool dominates(std::span<const double> a, std::span<const double> b) noexcept;

/// Indices, increasing, of the rows no other row dominates. `rows` is [num_points, num_objectives],
/// row-major. Of equal rows all are kept or none. O(n log^(k-1) n); infinities are allowed.
/// Throws std::invalid_argument for NaN, 0 objectives, or a length that is no multiple of k.
std::vector<std::size_t> pareto_front(std::span<const double> rows, std::size_t num_objectives);

/// Indices, increasing, of the points i in [0, n) with no j for which dominates(j, i). For axes
/// known only to an interval: such a relation need not be transitive, hence all n^2 pairs are asked
/// (a dominated point still dominates). The relation is never asked about a point and itself.
std::vector<std::size_t> undominated(
    std::size_t num_points,
    const std::function<bool(std::size_t a, std::size_t b)>& dominates_point);

}  // namespace deepaxe::pareto
