// StudyTable: a study read whole, each point beside its place in the Pareto view.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/store/record.h"

namespace deepaxe::report {

/// One design point as every table and chart shows it.
struct Row {
  store::PointRecord point;
  store::ViewPoint view;     ///< Default where the study has no view of this point.
  double accuracy_drop = 0;  ///< Fraction: accuracy of the exact design minus this one's.
  /// The assignment, and in what its hardware differs from other points: "1KVP@1-1 N=4 dsp".
  std::string label = {};
};

/// Why a point is in no comparison: "gated: max_drop", or "infeasible: BRAM" where its part has too
/// little; empty unless its status is kGated.
std::string gate_text(const store::PointRecord& point);

struct StudyTable {
  store::StudyInfo info;
  std::vector<std::string> objectives;  ///< Of the view.
  std::vector<Row> rows;                ///< In the order of Study::points().

  /// Whether the point took part in the view: on the front or dominated.
  bool is_compared(const Row& row) const noexcept;
  /// Points that no gate stopped and that wait for faults the objectives need.
  std::size_t num_not_compared() const noexcept;

  /// Whether every layer of the point is exact.
  bool is_exact(const Row& row) const noexcept;
  /// The first such point, or null if there is none.
  const Row* exact() const noexcept;
  /// How many approximate designs, gated or not, lose to the exact one on that baseline: it is as
  /// accurate and as fast, needs no more LUT and FF together, and is better in one of the three.
  std::size_t num_dominated_by(const store::ReferenceCost& reference) const;
  /// "exact, native", and the reference's hardware where that of references differs.
  std::string label_of(const store::ReferenceCost& reference) const;
  /// The exact design on each reference: the same products, so the same accuracy and faults. None
  /// without an exact point.
  std::vector<Row> reference_rows() const;
  /// Designs that approximate something.
  std::size_t num_approximate() const noexcept;

  /// Points of the Pareto set, by accuracy drop, then cycles, then assignment.
  std::vector<const Row*> front() const;
};

/// Joins the points of a study with their places in a view; points the view leaves out keep a
/// default place.
StudyTable make_table(store::StudyInfo info, std::vector<store::PointRecord> points,
                      const store::View& view);

}  // namespace deepaxe::report
