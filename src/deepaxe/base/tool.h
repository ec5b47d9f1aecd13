// Outside tools (compilers, simulators, synthesis), with limits.
#pragma once

#include <string>
#include <vector>

namespace deepaxe::base {

/// `name flag` runs and succeeds.
bool has_tool(const std::string& name, const std::string& flag = "--version");

/// Runs a command that must succeed; returns what it wrote. Throws InputError with the command and
/// its last lines if it fails or, with `advice`, past the time limit.
std::string run_tool(const std::vector<std::string>& command, double seconds,
                     const std::string& advice);

}  // namespace deepaxe::base
