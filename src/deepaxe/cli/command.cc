#include "deepaxe/cli/command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "deepaxe/base/input_error.h"

namespace deepaxe::cli {
namespace {

// Options that name a file to be written over.
constexpr std::array<std::string_view, 7> kOutputs = {
    "--output", "--html", "--csv", "--logits", "--svg", "--heat-map", "--histogram"};

constexpr std::array kCommonOptions = {"--json", "--quiet", "--threads", "--seed"};

bool is_output(const CLI::Option& option) {
  return std::ranges::any_of(option.get_lnames(), [](const std::string& name) {
    return std::ranges::find(kOutputs, "--" + name) != kOutputs.end();
  });
}

// A value that is no file, the name of a multiplier say, is nothing that could be lost; two files
// that will be written need not exist yet.
bool are_one_file(const std::string& output, const CLI::Option& option, const std::string& value) {
  std::error_code error;
  if (std::filesystem::is_regular_file(value, error)) {
    return std::filesystem::equivalent(output, value, error);
  }
  const bool is_written = is_output(option) || option.check_lname("study");
  return is_written && std::filesystem::weakly_canonical(output, error) ==
                           std::filesystem::weakly_canonical(value, error);
}

// What a command reads, or writes elsewhere, would be lost under its output.
void require_own_outputs(const CLI::App& command) {
  for (const CLI::Option* output : command.get_options()) {
    if (output->empty() || !is_output(*output)) continue;
    for (const CLI::Option* other : command.get_options()) {
      if (other == output) continue;
      for (const std::string& value : other->results()) {
        if (!are_one_file(output->results().front(), *other, value)) continue;
        throw base::InputError({output->get_name(), "",
                                "'" + value + "', which is " + other->get_name() + " too",
                                "another file: that one would be lost"});
      }
    }
  }
}

}  // namespace

const CLI::Validator kFinite(
    [](const std::string& text) {
      const bool is_number = text.find_first_not_of("+-0123456789.eE") == std::string::npos;
      return is_number ? std::string() : "found '" + text + "', expected a finite number";
    },
    "", "finite");

bool is_given(const CLI::App& command, const std::string& option) {
  return command.get_option(option)->count() > 0;
}

void refuse_idle(const CLI::App& command, std::initializer_list<const char*> options,
                 const std::string& found, const std::string& expected) {
  for (const char* const option : options) {
    if (is_given(command, option)) throw base::InputError({option, "", found, expected});
  }
}

void refuse_all_but(const CLI::App& command, std::initializer_list<const char*> used,
                    const std::string& found, const std::string& expected) {
  for (const CLI::Option* option : command.get_options()) {
    const auto is_named = [option](const char* name) { return option->check_name(name); };
    if (option->count() == 0 || std::ranges::any_of(used, is_named) ||
        std::ranges::any_of(kCommonOptions, is_named)) {
      continue;
    }
    throw base::InputError({option->get_name(), "", found, expected});
  }
}

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
  command.callback([&command, &selection, run = std::move(run)] {
    selection.run = [&command, run] {
      require_own_outputs(command);
      run();
    };
  });
}

}  // namespace deepaxe::cli
