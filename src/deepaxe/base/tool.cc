#include "deepaxe/base/tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "deepaxe/base/child.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::base {

namespace {

// The last lines, not more than fit into a message.
std::string last_part(const std::string& text) {
  constexpr std::size_t kMost = 400;
  const std::size_t end = text.find_last_not_of('\n') + 1;
  return text.substr(end > kMost ? end - kMost : 0, std::min(end, kMost));
}

}  // namespace

bool has_tool(const std::string& name, const std::string& flag) {
  return run_program({name, flag}, {.seconds = 10}).exit_code == 0;
}

std::string run_tool(const std::vector<std::string>& command, double seconds,
                     const std::string& advice, const ToolName& name) {
  const ChildResult result = run_program(command, {.seconds = seconds});
  const std::string text(reinterpret_cast<const char*>(result.output.data()), result.output.size());
  std::string found;
  if (result.timed_out) {
    found = fmt::format("no end within {} s", seconds);
  } else if (result.signal != 0) {
    found = fmt::format("an end by signal {}", result.signal);
  } else if (result.exit_code != 0) {
    found = fmt::format("exit code {}", result.exit_code);
  } else {
    return text;
  }
  if (!text.empty()) found += "; it wrote last: " + last_part(text);
  const std::string expected = name.expected.empty() ? "success" : name.expected;
  throw InputError({name.tool.empty() ? join(command, " ") : name.tool, name.place, found,
                    result.timed_out ? advice : expected});
}

}  // namespace deepaxe::base
