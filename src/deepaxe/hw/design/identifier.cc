#include "deepaxe/hw/design/identifier.h"

namespace deepaxe::hw::design {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string make_identifier(std::string_view text, std::string_view prefix) {
  std::string identifier;
  for (const char c : text.substr(0, text.find(';'))) {
    if (is_letter(c) || is_digit(c)) {
      identifier += c;
    } else if (!identifier.empty() && identifier.back() != '_') {
      identifier += '_';
    }
  }
  while (!identifier.empty() && identifier.back() == '_') {
    identifier.pop_back();
  }
  if (identifier.empty() || is_digit(identifier.front())) {
    identifier.insert(0, prefix);
  }
  return identifier;
}

}  // namespace deepaxe::hw::design
