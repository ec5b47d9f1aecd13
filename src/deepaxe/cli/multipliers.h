// The subcommands of `deepaxe multipliers`.
#pragma once

#include "deepaxe/cli/command.h"

namespace deepaxe::cli {

// Each declares its options and its run.
void add_multipliers_list(CLI::App& multipliers, Selection& selection);
void add_multipliers_show(CLI::App& multipliers, Selection& selection);
void add_multipliers_check(CLI::App& multipliers, Selection& selection);
void add_multipliers_import(CLI::App& multipliers, Selection& selection);
void add_multipliers_export(CLI::App& multipliers, Selection& selection);

}  // namespace deepaxe::cli
