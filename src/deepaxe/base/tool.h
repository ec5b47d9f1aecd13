// Outside tools (compilers, simulators, synthesis), with limits.
#pragma once

#include <string>
#include <vector>

namespace deepaxe::base {

/// `name flag` runs and succeeds.
bool has_tool(const std::string& name, const std::string& flag = "--version");

/// How messages name a run; empty: by its command, and what was expected is success.
struct ToolName {
  std::string tool = {};
  std::string place = {};  ///< What it works on.
  std::string expected = {};
};

/// Runs a command that must succeed; returns what it wrote. Throws InputError with the command and
/// its last lines if it fails or, with `advice`, past the time limit.
std::string run_tool(const std::vector<std::string>& command, double seconds,
                     const std::string& advice, const ToolName& name = {});

}  // namespace deepaxe::base
