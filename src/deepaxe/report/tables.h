// Tables of a study: for the terminal, CSV and JSON.
#pragma once

#include <string>

#include "deepaxe/report/study_table.h"

namespace deepaxe::report {

enum class Rows { kFront, kAll };

/// A line for each baseline whose exact design dominates approximate ones; what a report says
/// first.
std::string dominance_notes(const StudyTable& table);

/// Columns as the Table III of the DeepAxe paper (multiplier, mask, accuracy drop, vulnerability,
/// cycles, utilization), with SDC rate, intervals, resources and ties. Percent and percentage
/// points; notes under the table name sources, methods, and what was gated.
std::string text_table(const StudyTable& table, Rows rows);

/// All points; fractions; a header line; fields with commas or quotes are quoted (RFC 4180).
std::string csv_table(const StudyTable& table);

/// All points; fractions; snake_case keys with their units.
std::string json_table(const StudyTable& table);

}  // namespace deepaxe::report
