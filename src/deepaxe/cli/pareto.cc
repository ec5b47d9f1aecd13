// deepaxe pareto: the Pareto table of a study.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "deepaxe/cli/command.h"
#include "deepaxe/cli/study_view.h"
#include "deepaxe/report/study_table.h"
#include "deepaxe/report/tables.h"

namespace deepaxe::cli {
namespace {

struct ParetoArguments {
  std::string study;
  std::vector<std::string> objectives;
  bool all = false;
  bool csv = false;
};

void run(const ParetoArguments& arguments, const CommonOptions& common) {
  const report::StudyTable table = load_study_table(arguments.study, arguments.objectives);
  if (common.json) {
    fmt::print("{}", report::json_table(table));
  } else if (arguments.csv) {
    fmt::print("{}", report::csv_table(table));
  } else {
    fmt::print(
        "{}", report::text_table(table, arguments.all ? report::Rows::kAll : report::Rows::kFront));
  }
}

}  // namespace

void add_pareto(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("pareto", "The Pareto table of a study");
  const auto a = std::make_shared<ParetoArguments>();
  command->add_option("STUDY", a->study, "The .sqlite that explore wrote")->required();
  add_objectives_option(*command, a->objectives);
  command->add_flag("--all", a->all, "All designs, not the Pareto set alone (JSON has all anyway)");
  command->add_flag("--csv", a->csv, "All designs as CSV on standard output");
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
  command->get_option("--csv")->excludes(command->get_option("--json"));
}

}  // namespace deepaxe::cli
