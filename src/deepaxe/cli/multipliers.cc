// deepaxe multipliers: the multiplier library.
#include "deepaxe/cli/multipliers.h"

namespace deepaxe::cli {

void add_multipliers(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("multipliers", "The multiplier library");
  command->require_subcommand(1);
  add_multipliers_list(*command, selection);
  add_multipliers_show(*command, selection);
  add_multipliers_check(*command, selection);
  add_multipliers_import(*command, selection);
  add_multipliers_export(*command, selection);
}

}  // namespace deepaxe::cli
