// ReportTable: the rows between bars of Vivado's text reports, with their lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deepaxe::hw::vendor {

struct ReportRow {
  int line = 0;                    ///< From 1.
  std::vector<std::string> cells;  ///< Blanks at both ends cut off.
};

/// Every line of the form `| a | b |`.
std::vector<ReportRow> report_rows(std::string_view text);

/// Of one report file: finds rows by their first cell.
class ReportTable {
 public:
  ReportTable(std::string_view text, std::string file)
      : rows_(report_rows(text)), file_(std::move(file)) {}

  /// The first row whose first cell, without footnote stars, is one of `names`; null if none is.
  const ReportRow* find(const std::vector<std::string>& names) const;
  /// The number in cell 1 of that row. Throws base::InputError, naming file and line, if it is
  /// none, and naming `names` if there is no such row.
  double number(const std::vector<std::string>& names) const;
  /// What stands after "name :" in the head; empty if it is not there.
  std::string head(std::string_view name) const;

  const std::string& file() const noexcept { return file_; }
  const std::vector<ReportRow>& rows() const noexcept { return rows_; }

 private:
  std::vector<ReportRow> rows_;
  std::string file_;
};

/// `text` as a number from 0. Throws base::InputError, naming file and line.
double parse_report_number(std::string_view text, const std::string& file, int line);

}  // namespace deepaxe::hw::vendor
