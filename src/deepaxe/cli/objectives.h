// The --objectives option, shared by explore and pareto.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/explore/pareto_view.h"
#include "deepaxe/store/record.h"

namespace deepaxe::cli {

void add_objectives_option(CLI::App& command, std::vector<std::string>& names);

/// Those named; else the default ones, without the sampled ones if no point has faults.
std::vector<explore::Objective> objectives_or_default(const std::vector<std::string>& names,
                                                      std::span<const store::PointRecord> points);

/// Those named; else the default ones, without the sampled ones unless `with_faults`.
std::vector<explore::Objective> objectives_or_default(const std::vector<std::string>& names,
                                                      bool with_faults);

}  // namespace deepaxe::cli
