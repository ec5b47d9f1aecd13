// The program: parses the command line, runs one subcommand, turns failures into exit codes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/command.h"

namespace deepaxe::cli {
namespace {

constexpr int kInputFailure = 1;
constexpr int kUsageFailure = 2;
constexpr int kInterrupted = 130;

void add_all_commands(CLI::App& program, Selection& selection) {
  add_demo(program, selection);
  add_inspect(program, selection);
  add_quantize(program, selection);
  add_evaluate(program, selection);
  add_inject(program, selection);
  add_inject_rtl(program, selection);
  add_explore(program, selection);
  add_pareto(program, selection);
  add_report(program, selection);
  add_data(program, selection);
  add_multipliers(program, selection);
  add_cost(program, selection);
  add_generate(program, selection);
  add_doctor(program, selection);
}

// The deepest subcommand that the command line names, for its list of options.
const CLI::App* chosen_command(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

// The names that could have been meant by the first word that is not one.
std::string suggestion(const CLI::App& program, const std::vector<std::string>& words) {
  const CLI::App* command = chosen_command(program);
  std::vector<std::string> options;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  }
  for (const std::string& word : words) {
    const std::string flag = word.substr(0, word.find('='));
    const bool unknown =
        flag.starts_with("--") && std::find(options.begin(), options.end(), flag) == options.end();
    if (unknown)
      return "; nearest to " + flag + ": " + base::join(base::nearest_names(flag, options), " ");
  }
  std::vector<std::string> commands;
  for (const CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(sub->get_name());
  }
  if (commands.empty()) return "";
  const std::string first = words.empty() ? "" : words.front();
  return "; subcommands nearest to '" + first +
         "': " + base::join(base::nearest_names(first, commands), " ");
}

// Without exceptions: standard error may be closed or full.
void say(const std::string& text) noexcept {
  std::fputs(("deepaxe: " + text + "\n").c_str(), stderr);
}

int run(int argc, char** argv) {
  CLI::App program(
      "DeepAxe: FPGA accelerators of int8 networks that are small, fast and survive "
      "soft errors",
      "deepaxe");
  program.set_version_flag("--version", "deepaxe " DEEPAXE_VERSION);
  program.require_subcommand(1);
  Selection selection;
  add_all_commands(program, selection);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return program.exit(success);
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    say(error.what() + suggestion(program, words));
    return kUsageFailure;
  }
  selection.run();
  return 0;
}

// A reader that has gone (`| head`) wants no message.
int output_failure(int error) {
  if (error != EPIPE) {
    say(std::string("standard output: cannot be written (") + std::strerror(error) + ")");
  }
  return kInputFailure;
}

int guarded_run(int argc, char** argv) {
  try {
    const int code = run(argc, argv);
    return std::fflush(stdout) == 0 ? code : output_failure(errno);
  } catch (const base::Interrupted& interrupted) {
    say(interrupted.what());
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    say("not enough memory");
  } catch (const std::system_error& error) {  // What fmt throws where printing fails.
    return output_failure(error.code().value());
  } catch (const std::exception& error) {
    say(error.what());
  }
  return kInputFailure;
}

}  // namespace
}  // namespace deepaxe::cli

int main(int argc, char** argv) {
  deepaxe::base::install_interrupt_handler();
  std::signal(SIGPIPE, SIG_IGN);  // A closed pipe is a write error like any other.
  std::signal(SIGXFSZ, SIG_IGN);  // So is a file size limit.
  return deepaxe::cli::guarded_run(argc, argv);
}
