#include "deepaxe/cli/command.h"

#include <utility>

namespace deepaxe::cli {

void finish_command(CLI::App& command, Selection& selection, std::function<void()> run) {
  CommonOptions& common = selection.common;
  command.add_flag("--json", common.json, "Print figures as JSON on standard output");
  command.add_flag("--quiet", common.quiet, "No progress, no remarks");
  command.add_option("--threads", common.threads, "Threads; 0: all of the machine")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_option("--seed", common.seed, "Seed of everything random")->capture_default_str();
  command.callback([&selection, run = std::move(run)] { selection.run = run; });
}

}  // namespace deepaxe::cli
