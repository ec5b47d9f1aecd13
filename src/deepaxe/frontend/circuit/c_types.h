// The integer types of C, and values of them as words of nets.
#pragma once

#include <cstddef>
#include <optional>

#include "deepaxe/frontend/circuit/gate_writer.h"
#include "deepaxe/frontend/circuit/tokens.h"

namespace deepaxe::frontend::circuit {

/// As of a 64-bit Linux: int has 32 bits, long and long long 64.
struct CType {
  std::size_t bits = 32;
  bool is_signed = true;

  bool operator==(const CType&) const = default;
};

struct CValue {
  Word word;
  bool is_signed = true;
};

/// Whether a token can begin a type.
bool begins_type(const Token& token);

/// Takes a type with its qualifiers; throws base::InputError at what is none.
CType take_type(TokenStream& tokens);

CValue convert(CValue value, const CType& type);

/// The integer promotions: what is narrower than int becomes int.
CType promoted(const CValue& value);
/// The usual arithmetic conversions.
CType common_type(const CValue& a, const CValue& b);

/// A literal, decimal, octal, binary or hexadecimal, with any of the suffixes u, l, ll.
std::optional<CValue> parse_c_number(std::string_view text);

}  // namespace deepaxe::frontend::circuit
