#include "deepaxe/hw/hls/reserved.h"

#include <algorithm>
#include <array>

namespace deepaxe::hw::hls {
namespace {

// clang-format off
constexpr auto kReserved = std::to_array<std::string_view>({
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "char16_t", "char32_t", "class", "compl", "const", "const_cast",
    "constexpr", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast",
    "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
    "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq",
    "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
    "reinterpret_cast", "return", "short", "signed", "sizeof", "static", "static_assert",
    "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try",
    "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq", "accelerator", "accumulate", "bit", "clamp_code",
    "divide_rounded", "image", "input", "linux", "logits", "main", "output", "requantize_double",
    "requantize_single", "saturate_int32", "std", "table_index", "to_int16", "trace_layer", "unix"});
// clang-format on

}  // namespace

bool is_reserved(std::string_view name) {
  return std::ranges::find(kReserved, name) != kReserved.end() || name.ends_with("_codes") ||
         name.ends_with("_t") || name.starts_with("multiply_");
}

}  // namespace deepaxe::hw::hls
