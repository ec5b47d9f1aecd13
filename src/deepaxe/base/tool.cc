#include "deepaxe/base/tool.h"

#include <fmt/format.h>

#include <stdexcept>

#include "deepaxe/base/child.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::base {

bool has_tool(const std::string& name, const std::string& flag) {
  return run_program({name, flag}, {.seconds = 10}).exit_code == 0;
}

std::string run_tool(const std::vector<std::string>& command, double seconds,
                     const std::string& advice) {
  const ChildResult result = run_program(command, {.seconds = seconds});
  const std::string text(reinterpret_cast<const char*>(result.output.data()), result.output.size());
  if (result.timed_out) {
    throw InputError({fmt::format("{}", fmt::join(command, " ")), "",
                      fmt::format("no end within {} s", seconds), advice});
  }
  if (result.exit_code != 0 || result.signal != 0) {
    throw std::logic_error(fmt::format("{} failed: {}", fmt::join(command, " "),
                                       text.substr(text.size() > 400 ? text.size() - 400 : 0)));
  }
  return text;
}

}  // namespace deepaxe::base
