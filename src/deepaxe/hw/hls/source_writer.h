// SourceWriter: C++ text with indentation, loops with labels, and number arrays.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace deepaxe::hw::hls {

/// What an HLS tool is told of a loop; nothing by default.
struct Directives {
  int pipeline = 0;  ///< Initiation interval in cycles; 0: not pipelined.
  int unroll = 1;    ///< Copies of the body; the bound: no loop is left.

  bool operator==(const Directives&) const = default;
};

/// `for (int variable = 0; variable < bound; ++variable)` with a label.
struct Loop {
  std::string label;
  std::string variable;
  int bound = 1;
  Directives directives = {};
};

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
  /// `label:` and `for (int variable = 0; variable < bound; ++variable) {`,
  /// with its directives around and in it.
  void loop(const Loop& loop);
  /// The numbers, comma separated, as many per line as fit 100 columns.
  void numbers(std::span<const std::int32_t> values);

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace deepaxe::hw::hls
