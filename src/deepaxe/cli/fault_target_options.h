// The options of inject that say what is hit: targets, effects, units, or a list of faults.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "deepaxe/fault/fault_space.h"

namespace deepaxe::cli {

struct FaultTargetArguments {
  std::string targets = "activation";
  std::string effects;  ///< Empty: as the targets are hit by default.
  std::int64_t parallel_outputs = 1;
  std::string list;  ///< A file.
};

/// --target, --effect, --parallel, --fault-list.
void add_fault_target_options(CLI::App& command, FaultTargetArguments& arguments);

/// Throws base::InputError for unknown names, an effect that no target has, and for a target of
/// which no effect is given.
fault::FaultSpaceParams to_space_params(const FaultTargetArguments& arguments);

}  // namespace deepaxe::cli
