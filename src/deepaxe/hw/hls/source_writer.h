// SourceWriter: C++ text with indentation, loops with labels, and number arrays.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace deepaxe::hw::hls {

/// Two spaces for each open block; ends every line with '\n'.
class SourceWriter {
 public:
  /// One line; an empty one is written without indentation.
  void line(std::string_view text = "");
  /// Comment lines of at most 100 columns, broken at blanks.
  void comment(std::string_view text);
  /// `head {` (`{` for an empty head), and the following lines are inside.
  void open(std::string_view head);
  /// `}` and what follows it.
  void close(std::string_view tail = "");
  /// `label:` and `for (int variable = 0; variable < bound; ++variable) {`.
  void loop(std::string_view label, std::string_view variable, int bound);
  /// The numbers, comma separated, as many per line as fit 100 columns.
  void numbers(std::span<const std::int32_t> values);

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace deepaxe::hw::hls
