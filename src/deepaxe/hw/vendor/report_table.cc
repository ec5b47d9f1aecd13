#include "deepaxe/hw/vendor/report_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::hw::vendor {
namespace {

std::vector<std::string> split_cells(std::string_view line) {
  std::vector<std::string> cells;
  line.remove_prefix(1);  // The first bar.
  while (!line.empty()) {
    const std::size_t bar = std::min(line.find('|'), line.size());
    cells.emplace_back(base::trim(line.substr(0, bar)));
    line.remove_prefix(std::min(bar + 1, line.size()));
  }
  return cells;
}

}  // namespace

std::vector<ReportRow> report_rows(std::string_view text) {
  std::vector<ReportRow> rows;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = base::trim(line);
    if (line.starts_with('|')) rows.push_back({number, split_cells(line)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rows;
}

const ReportRow* ReportTable::find(const std::vector<std::string>& names) const {
  for (const ReportRow& row : rows_) {
    if (row.cells.empty()) continue;
    std::string_view name = row.cells.front();
    while (name.ends_with('*')) name.remove_suffix(1);
    if (std::ranges::find(names, name) != names.end()) return &row;
  }
  return nullptr;
}

double ReportTable::number(const std::vector<std::string>& names) const {
  const ReportRow* row = find(names);
  if (row == nullptr) {
    throw base::InputError({file_, "", "no row '" + names.front() + "'",
                            "a row of one of: " + base::join(names, ", ")});
  }
  return parse_report_number(row->cells.size() > 1 ? row->cells[1] : "", file_, row->line);
}

std::string ReportTable::head(std::string_view name) const {
  for (const ReportRow& row : rows_) {
    if (row.cells.size() != 1 || !row.cells[0].starts_with(name)) continue;
    const std::size_t colon = row.cells[0].find(':');
    if (colon == std::string::npos) continue;
    return std::string(base::trim(std::string_view(row.cells[0]).substr(colon + 1)));
  }
  return "";
}

double parse_report_number(std::string_view text, const std::string& file, int line) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0)) {
    throw base::InputError(
        {file, fmt::format("line {}", line), "'" + std::string(text) + "'", "a number from 0"});
  }
  return value;
}

}  // namespace deepaxe::hw::vendor
