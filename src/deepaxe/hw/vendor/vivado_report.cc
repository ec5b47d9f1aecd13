#include "deepaxe/hw/vendor/vivado_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/hw/vendor/report_table.h"

namespace deepaxe::hw::vendor {
namespace {

struct Line {
  int number = 0;
  std::vector<std::string_view> words;
};

// Words of the lines that have any, from the first line on that contains `title`.
std::vector<Line> lines_after(std::string_view text, std::string_view title,
                              const std::string& file) {
  std::vector<Line> lines;
  bool found = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    found = found || line.find(title) != std::string_view::npos;
    Line& words = lines.emplace_back(Line{number, {}});
    for (std::size_t at = 0;
         found && (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
      const std::size_t stop = std::min(line.find_first_of(" \t\r", at), line.size());
      words.words.push_back(line.substr(at, stop - at));
      at = stop;
    }
    if (words.words.empty()) lines.pop_back();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!found) {
    throw base::InputError({file, "", fmt::format("no '{}'", title), "a whole report"});
  }
  return lines;
}

double signed_number(std::string_view word, const std::string& file, int line) {
  if (word.starts_with('-')) return -parse_report_number(word.substr(1), file, line);
  return parse_report_number(word, file, line);
}

// The words under the row whose first word is `column`: a row of dashes lies between.
const Line& row_under(const std::vector<Line>& lines, std::string_view column,
                      const std::string& file) {
  for (std::size_t i = 0; i + 2 < lines.size(); ++i) {
    if (lines[i].words.front() == column && lines[i + 1].words.front().starts_with("--")) {
      return lines[i + 2];
    }
  }
  throw base::InputError({file, "", fmt::format("no row under '{}'", column), "a whole report"});
}

DesignState parse_state(std::string_view text) {
  if (text.find("Routed") != std::string_view::npos) return DesignState::kRouted;
  if (text.find("Placed") != std::string_view::npos) return DesignState::kPlaced;
  if (text.find("Synthesized") != std::string_view::npos) return DesignState::kSynthesized;
  return DesignState::kUnknown;
}

std::int64_t whole(const ReportRow& row, std::size_t cell, const std::string& file) {
  return static_cast<std::int64_t>(
      parse_report_number(cell < row.cells.size() ? row.cells[cell] : "", file, row.line));
}

}  // namespace

std::string_view to_string(DesignState state) noexcept {
  constexpr std::string_view kNames[] = {"unknown state", "synthesized", "placed", "routed"};
  return kNames[static_cast<std::size_t>(state)];
}

UtilizationReport parse_utilization(std::string_view text, const std::string& file) {
  const ReportTable table(text, file);
  UtilizationReport report;
  report.device = table.head("Device");
  report.state = parse_state(table.head("Design State"));
  report.resources.luts = table.number({"Slice LUTs", "CLB LUTs"});
  report.resources.ffs = table.number({"Slice Registers", "CLB Registers"});
  report.resources.dsps = static_cast<int>(table.number({"DSPs", "DSP Slices"}));
  report.resources.bram_36kb = table.number({"Block RAM Tile"});
  return report;
}

TimingReport parse_timing(std::string_view text, const std::string& file) {
  TimingReport report;
  report.state = parse_state(text);
  const std::vector<Line> design = lines_after(text, "Design Timing Summary", file);
  const Line& slack = row_under(design, "WNS(ns)", file);
  report.worst_slack_ns = signed_number(slack.words.front(), file, slack.number);
  // Clock, waveform {rise fall}, period, frequency: the period is the second word from the end.
  const std::vector<Line> clocks = lines_after(text, "Clock Summary", file);
  const Line* row = &row_under(clocks, "Clock", file);
  for (; row != clocks.data() + clocks.size() && row->words.size() >= 5; ++row) {
    const std::string_view period = row->words[row->words.size() - 2];
    report.period_ns = std::max(report.period_ns, parse_report_number(period, file, row->number));
  }
  if (!(report.period_ns > report.worst_slack_ns)) {
    throw base::InputError({file, "Clock Summary",
                            fmt::format("a period of {} ns with a slack of {} ns", report.period_ns,
                                        report.worst_slack_ns),
                            "a period longer than the slack"});
  }
  return report;
}

PowerReport parse_power(std::string_view text, const std::string& file) {
  const ReportTable table(text, file);
  PowerReport report;
  report.total_w = table.number({"Total On-Chip Power (W)"});
  report.dynamic_w = table.number({"Dynamic (W)"});
  report.static_w = table.number({"Device Static (W)", "Static (W)"});
  if (const ReportRow* row = table.find({"Confidence Level", "Confidence level"})) {
    if (row->cells.size() > 1) report.confidence = row->cells[1];
  }
  return report;
}

CosimReport parse_cosim(std::string_view text, const std::string& file) {
  const ReportTable table(text, file);
  std::string states;
  for (const ReportRow& row : table.rows()) {
    if (row.cells.size() < 2 || (row.cells[0] != "Verilog" && row.cells[0] != "VHDL")) continue;
    states += fmt::format("{}{} {}", states.empty() ? "" : ", ", row.cells[0], row.cells[1]);
    if (row.cells[1] != "Pass") continue;
    // Latency min, avg, max, then interval min, avg, max; versions add columns behind.
    CosimReport report{
        .language = row.cells[0], .latency_cycles = whole(row, 4, file), .interval_cycles = {}};
    const std::string interval = row.cells.size() > 7 ? row.cells[7] : "";
    if (!interval.empty() && interval != "NA" && interval != "x") {
      report.interval_cycles = whole(row, 7, file);
    }
    return report;
  }
  throw base::InputError({file, "", states.empty() ? "no row of Verilog or VHDL" : states,
                          "a cosimulation that passed"});
}

}  // namespace deepaxe::hw::vendor
