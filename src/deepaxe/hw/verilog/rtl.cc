#include "deepaxe/hw/verilog/rtl.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/text.h"
#include "deepaxe/hw/verilog/module_text.h"
#include "deepaxe/hw/verilog/rtl_texts.h"
#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

std::string with_ports(std::string_view file, const std::vector<TopPort>& ports,
                       const std::string& bus) {
  std::string declarations;
  Connections connections;
  for (const TopPort& port : ports) {
    if (port.bus != bus) continue;
    declarations += port_text(port) + ",\n";
    connections.emplace_back(port.name, port.name);
  }
  const std::string text = base::replaced(file, fmt::format("    @{}@\n", bus), declarations);
  return base::replaced(text, fmt::format("        @{}.connections@\n", bus),
                        connection_lines(connections));
}

std::vector<std::pair<std::string, std::string>> written_out() {
  const std::vector<TopPort> ports = top_ports({});
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [name, content] : rtl_texts()) {
    std::string text(content);
    for (const char* bus : {"s_axis", "m_axis", kRegisterBus}) text = with_ports(text, ports, bus);
    files.emplace_back(name, std::move(text));
  }
  return files;
}

}  // namespace

std::span<const std::pair<std::string, std::string>> rtl_files() {
  static const auto files = written_out();
  return files;
}

std::string_view bench_file(std::string_view name) noexcept {
  const auto file =
      std::ranges::find(bench_texts(), name, [](const auto& each) { return each.first; });
  DEEPAXE_ASSERT(file != bench_texts().end());
  return file->second;
}

}  // namespace deepaxe::hw::verilog
