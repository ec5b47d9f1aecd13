#include "deepaxe/hw/hls/source_writer.h"

#include <fmt/format.h>

#include "deepaxe/base/assertion.h"

namespace deepaxe::hw::hls {
namespace {

constexpr std::size_t kColumns = 100;

}  // namespace

void SourceWriter::line(std::string_view text) {
  if (!text.empty()) {
    text_.append(2 * depth_, ' ').append(text);
  }
  text_ += '\n';
}

void SourceWriter::comment(std::string_view text) {
  const std::size_t room = kColumns - 2 * depth_ - 3;
  while (text.size() > room) {
    std::size_t cut = text.rfind(' ', room);
    if (cut == std::string_view::npos) {
      break;  // One word longer than a line stays whole.
    }
    line(fmt::format("// {}", text.substr(0, cut)));
    text.remove_prefix(cut + 1);
  }
  line(fmt::format("// {}", text));
}

void SourceWriter::open(std::string_view head) {
  line(head.empty() ? "{" : fmt::format("{} {{", head));
  ++depth_;
}

void SourceWriter::close(std::string_view tail) {
  DEEPAXE_ASSERT(depth_ > 0);
  --depth_;
  line(fmt::format("}}{}", tail));
}

// Compilers take the factor before the loop, Vitis HLS in its body: one of the two is nothing.
void SourceWriter::loop(const Loop& loop) {
  const auto [pipeline, unroll] = loop.directives;
  line(fmt::format("{}:", loop.label));
  if (unroll > 1) line(fmt::format("DEEPAXE_UNROLL_NEXT({})", unroll));
  open(fmt::format("for (int {0} = 0; {0} < {1}; ++{0})", loop.variable, loop.bound));
  if (pipeline > 0) line(fmt::format("DEEPAXE_PIPELINE({})", pipeline));
  if (unroll > 1) line(fmt::format("DEEPAXE_UNROLL({})", unroll));
}

void SourceWriter::numbers(std::span<const std::int32_t> values) {
  std::string row;
  for (const std::int32_t value : values) {
    const std::string number = fmt::format("{},", value);
    if (!row.empty() && 2 * depth_ + row.size() + 1 + number.size() > kColumns) {
      line(row);
      row.clear();
    }
    row += (row.empty() ? "" : " ") + number;
  }
  if (!row.empty()) {
    line(row);
  }
}

}  // namespace deepaxe::hw::hls
