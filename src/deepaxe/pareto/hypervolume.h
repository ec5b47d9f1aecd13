// Hypervolume: the volume of objective space that a set of points dominates, all minimised.
// Source: Zitzler, Thiele, PPSN V, 1998 (the measure); slicing by objectives as Knowles, 2002.
#pragma once

#include <cstddef>
#include <span>

namespace deepaxe::pareto {

/// Volume of the union of the boxes between each row and `reference`; the number of objectives is
/// reference.size(). Rows not below the reference in every objective add nothing. Exact up to
/// rounding of the sums; O(n log n) for 2 objectives, times n for each further one. The result does
/// not depend on the order of the rows. Throws std::invalid_argument for NaN, an infinite
/// coordinate below the reference, or a length that is no multiple.
double hypervolume(std::span<const double> rows, std::span<const double> reference);

}  // namespace deepaxe::pareto
