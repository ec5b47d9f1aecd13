// deepaxe report: a study as an HTML page, CSV and JSON files.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/study_view.h"
#include "deepaxe/report/html.h"
#include "deepaxe/report/study_table.h"
#include "deepaxe/report/tables.h"

namespace deepaxe::cli {
namespace {

struct ReportArguments {
  std::string study;
  std::vector<std::string> objectives;
  std::string html;
  std::string csv;
  std::string json;
};

void run(const ReportArguments& arguments, const CommonOptions& common) {
  if (!common.json && arguments.html.empty() && arguments.csv.empty() && arguments.json.empty()) {
    throw base::InputError({"report", "", "no output", "-o PAGE.html, --csv, --json-file, --json"});
  }
  const report::StudyTable table = load_study_table(arguments.study, arguments.objectives);
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    base::write_file_atomically(path, text);
    if (!common.json) fmt::print("wrote {}\n", path);
  };
  if (!arguments.html.empty()) write(arguments.html, report::html_page(table));
  if (!arguments.csv.empty()) write(arguments.csv, report::csv_table(table));
  if (!arguments.json.empty()) write(arguments.json, report::json_table(table));
  if (common.json) fmt::print("{}", report::json_table(table));
}

}  // namespace

void add_report(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("report", "A study as a page, CSV and JSON");
  const auto a = std::make_shared<ReportArguments>();
  command->add_option("STUDY", a->study, "The .sqlite that explore wrote")->required();
  add_objectives_option(*command, a->objectives);
  command->add_option("-o,--output", a->html, "Static HTML page with tables and SVG charts");
  command->add_option("--csv", a->csv, "All designs as CSV");
  command->add_option("--json-file", a->json, "All designs as JSON");
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
