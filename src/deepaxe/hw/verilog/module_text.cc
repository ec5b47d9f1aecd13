#include "deepaxe/hw/verilog/module_text.h"

#include <fmt/format.h>

#include <bit>

namespace deepaxe::hw::verilog {
namespace {

constexpr std::size_t kColumns = 100;

}  // namespace

std::string connection_lines(const Connections& connections) {
  std::string text, row = "       ";
  for (std::size_t i = 0; i < connections.size(); ++i) {
    const bool is_last = i + 1 == connections.size();
    const std::string item =
        fmt::format(" .{}({}){}", connections[i].first, connections[i].second, is_last ? "" : ",");
    if (row.size() + item.size() > kColumns) {
      text += row + '\n';
      row = "       ";
    }
    row += item;
  }
  return text + row + '\n';
}

std::string instance_text(std::string_view module, std::string_view name,
                          const Connections& parameters, const Connections& ports) {
  std::string text = fmt::format("    {} ", module);
  if (!parameters.empty()) text += "#(\n" + connection_lines(parameters) + "    ) ";
  return text + fmt::format("{} (\n", name) + connection_lines(ports) + "    );\n";
}

std::string comment_text(std::string_view text) {
  std::string lines;
  while (text.size() > kColumns - 3) {
    const std::size_t cut = text.rfind(' ', kColumns - 3);
    if (cut == std::string_view::npos) break;  // One word longer than a line stays whole.
    lines += fmt::format("// {}\n", text.substr(0, cut));
    text.remove_prefix(cut + 1);
  }
  return lines + fmt::format("// {}\n", text);
}

std::string range_text(int bits) { return fmt::format("[{}:0]", bits - 1); }

std::string hex_text(std::int64_t value, int bits) {
  const auto mask = bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  return fmt::format("{:0{}x}", static_cast<std::uint64_t>(value) & mask, (bits + 3) / 4);
}

}  // namespace deepaxe::hw::verilog
