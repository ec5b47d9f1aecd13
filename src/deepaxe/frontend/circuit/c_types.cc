#include "deepaxe/frontend/circuit/c_types.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

namespace deepaxe::frontend::circuit {
namespace {

struct NamedType {
  std::string_view name;
  CType type;
};

constexpr std::array<NamedType, 10> kFixedTypes = {{{"int8_t", {8, true}},
                                                    {"uint8_t", {8, false}},
                                                    {"int16_t", {16, true}},
                                                    {"uint16_t", {16, false}},
                                                    {"int32_t", {32, true}},
                                                    {"uint32_t", {32, false}},
                                                    {"int64_t", {64, true}},
                                                    {"uint64_t", {64, false}},
                                                    {"bool", {1, false}},
                                                    {"_Bool", {1, false}}}};
constexpr std::array<std::string_view, 4> kQualifiers = {"const", "static", "inline", "extern"};
constexpr std::array<std::string_view, 6> kWords = {"signed", "unsigned", "char",
                                                    "short",  "int",      "long"};

bool contains(const auto& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

const NamedType* find_fixed(std::string_view name) {
  const auto found = std::ranges::find(kFixedTypes, name, &NamedType::name);
  return found == kFixedTypes.end() ? nullptr : &*found;
}

// "unsigned long int" and the like, in any order.
CType take_words(TokenStream& tokens) {
  CType type;
  while (contains(kWords, tokens.peek().text)) {
    const std::string_view word = tokens.take().text;
    if (word == "unsigned") type.is_signed = false;
    if (word == "char") type.bits = 8;
    if (word == "short") type.bits = 16;
    if (word == "long") type.bits = 64;
  }
  return type;
}

}  // namespace

bool begins_type(const Token& token) {
  return contains(kQualifiers, token.text) || contains(kWords, token.text) ||
         find_fixed(token.text) != nullptr;
}

CType take_type(TokenStream& tokens) {
  const auto skip_qualifiers = [&] {
    while (contains(kQualifiers, tokens.peek().text)) tokens.take();
  };
  skip_qualifiers();
  CType type;
  if (const NamedType* fixed = find_fixed(tokens.peek().text)) {
    type = fixed->type;
    tokens.take();
  } else if (contains(kWords, tokens.peek().text)) {
    type = take_words(tokens);
  } else {
    tokens.fail("an integer type");
  }
  skip_qualifiers();
  return type;
}

CValue convert(CValue value, const CType& type) {
  return {resize(std::move(value.word), type.bits, value.is_signed), type.is_signed};
}

CType promoted(const CValue& value) {
  const CType type{value.word.size(), value.is_signed};
  return type.bits < 32 ? CType{32, true} : type;
}

CType common_type(const CValue& a, const CValue& b) {
  const CType left = promoted(a), right = promoted(b);
  if (left.bits != right.bits) return left.bits > right.bits ? left : right;
  return {left.bits, left.is_signed && right.is_signed};
}

std::optional<CValue> parse_c_number(std::string_view text) {
  bool is_unsigned = false, is_long = false;
  while (!text.empty() && std::string_view("uUlL").find(text.back()) != std::string_view::npos) {
    const bool is_u = text.back() == 'u' || text.back() == 'U';
    (is_u ? is_unsigned : is_long) = true;
    text.remove_suffix(1);
  }
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
  } else if (text.starts_with("0b") || text.starts_with("0B")) {
    base = 2;
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
  }
  if (base == 16 || base == 2) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const bool fits_int = value <= (is_unsigned || base != 10 ? 0xFFFF'FFFFU : 0x7FFF'FFFFU);
  const std::size_t bits = fits_int && !is_long ? 32 : 64;
  const bool top = (value >> (bits - 1) & 1) != 0;
  return CValue{constant_word(value, bits), !is_unsigned && !top};
}

}  // namespace deepaxe::frontend::circuit
