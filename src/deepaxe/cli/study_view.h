// The table of a study for some objectives: what pareto, report and explore show.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/explore/pareto_view.h"
#include "deepaxe/report/study_table.h"

namespace deepaxe::cli {

void add_objectives_option(CLI::App& command, std::vector<std::string>& names);

/// Those named; none for none.
std::vector<explore::Objective> parse_objectives(const std::vector<std::string>& names);

/// The study's table with its Pareto set computed anew, so that an interrupted study has one too:
/// for the objectives named, else those it was last explored for, else the default ones.
report::StudyTable load_study_table(const std::filesystem::path& study,
                                    const std::vector<std::string>& objectives);

}  // namespace deepaxe::cli
