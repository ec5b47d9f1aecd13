#include "deepaxe/cli/command.h"

#include <cstdio>
#include <utility>

namespace deepaxe::cli {

const CLI::Validator kFinite(
    [](const std::string& text) {
      const bool is_number = text.find_first_not_of("+-0123456789.eE") == std::string::npos;
      return is_number ? std::string() : "found '" + text + "', expected a finite number";
    },
    "", "finite");

void remark(const CommonOptions& common, const std::string& text) noexcept {
  if (!common.quiet) std::fputs((text + "\n").c_str(), stderr);
}

void finish_command(CLI::App& command, Selection& selection, std::function<void()> run) {
  CommonOptions& common = selection.common;
  command.add_flag("--json", common.json, "Print figures as JSON on standard output");
  command.add_flag("--quiet", common.quiet, "No progress, no remarks");
  command.add_option("--threads", common.threads, "Threads; 0: all of the machine")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_option("--seed", common.seed, "Seed of everything random")
      ->check(CLI::Range(std::int64_t{0}, kMostCount))
      ->capture_default_str();
  command.callback([&selection, run = std::move(run)] { selection.run = run; });
}

}  // namespace deepaxe::cli
