// The UTF-8 byte order mark that some editors and spreadsheets put before a text.
#pragma once

#include <string_view>

namespace deepaxe::base {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// `text` without a mark at its head.
inline std::string_view without_byte_order_mark(std::string_view text) noexcept {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace deepaxe::base
