#include "deepaxe/base/input_error.h"

#include <utility>

namespace deepaxe::base {
namespace {

std::string one_line(const InputErrorParts& parts) {
  std::string text = parts.file;
  const auto append = [&text](const char* separator, const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += separator;
    text += part;
  };
  append(": ", parts.place);
  append(": ", parts.found.empty() ? "" : "found " + parts.found);
  append(", ", parts.expected.empty() ? "" : "expected " + parts.expected);
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

}  // namespace

InputError::InputError(InputErrorParts parts)
    : std::runtime_error(one_line(parts)), parts_(std::move(parts)) {}

}  // namespace deepaxe::base
