// Charts of a study as SVG documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/report/study_table.h"

namespace deepaxe::report {

/// A quantity of a design point that a chart axis can show.
enum class Quantity { kAccuracyDrop, kSdcRate, kVulnerability, kCycles, kResources, kUtilization };

/// "accuracy drop (points)": with its unit.
std::string_view quantity_label(Quantity quantity) noexcept;

/// All points with both quantities, coloured by multiplier, the Pareto set ringed and filled, with
/// 95 % intervals where the vertical one is sampled (Fig. 3 of the paper).
std::string scatter_chart(const StudyTable& table, Quantity x, Quantity y);

/// Bars of the Pareto set: accuracy drop, SDC rate, vulnerability, cycles and utilization, each
/// panel with its own scale (Fig. 4 of the paper).
std::string bar_chart(const StudyTable& table);

/// SDC rate by stored tensor (row) and bit (column) of one point. Cells with fewer than 30 pairs
/// say "n/a": not enough data.
std::string vulnerability_map(const StudyTable& table, const Row& row);

}  // namespace deepaxe::report
