// Command: how a subcommand of the program is declared and run.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

#include "deepaxe/base/assertion.h"

namespace deepaxe::cli {

/// Options every subcommand has.
struct CommonOptions {
  bool json = false;
  bool quiet = false;
  int threads = 0;        ///< 0: all of the machine.
  std::int64_t seed = 1;  ///< Not negative.
};

/// The most of anything that can be asked for.
inline constexpr std::int64_t kMostCount = 1'000'000'000'000;

/// Refuses "nan" and "inf", which compare as no number does.
extern const CLI::Validator kFinite;

/// What parsing selects: the run of the chosen subcommand, called once after parsing.
struct Selection {
  CommonOptions common;
  std::function<void()> run;
};

/// What a name of an option stands for, where the option's check lets only known ones through.
template <typename Value>
Value known(const std::optional<Value>& value) {
  DEEPAXE_ASSERT(value.has_value());
  return *value;
}

/// Whether the command line has the option; its default does not count.
bool is_given(const CLI::App& command, const std::string& option);

/// Throws base::InputError for the first of `options` that was given: beside what was `found` it
/// could change nothing. `expected` is where it has an effect.
void refuse_idle(const CLI::App& command, std::initializer_list<const char*> options,
                 const std::string& found, const std::string& expected);

/// As refuse_idle, for every option and positional but `used` and those of finish_command.
void refuse_all_but(const CLI::App& command, std::initializer_list<const char*> used,
                    const std::string& found, const std::string& expected);

/// A line on stderr unless --quiet; never throws, for stderr may be closed.
void remark(const CommonOptions& common, const std::string& text) noexcept;

/// Adds --json, --threads, --seed and --quiet, and makes `run` the selection when chosen. `run` is
/// called with the parsed options.
void finish_command(CLI::App& command, Selection& selection, std::function<void()> run);

// One function per subcommand; each declares its options and its run.
void add_demo(CLI::App& program, Selection& selection);
void add_inspect(CLI::App& program, Selection& selection);
void add_quantize(CLI::App& program, Selection& selection);
void add_evaluate(CLI::App& program, Selection& selection);
void add_inject(CLI::App& program, Selection& selection);
void add_inject_rtl(CLI::App& program, Selection& selection);
void add_explore(CLI::App& program, Selection& selection);
void add_pareto(CLI::App& program, Selection& selection);
void add_report(CLI::App& program, Selection& selection);
void add_data(CLI::App& program, Selection& selection);
void add_multipliers(CLI::App& program, Selection& selection);
void add_cost(CLI::App& program, Selection& selection);
void add_generate(CLI::App& program, Selection& selection);
void add_doctor(CLI::App& program, Selection& selection);

}  // namespace deepaxe::cli
