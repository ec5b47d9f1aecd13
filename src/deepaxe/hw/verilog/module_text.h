// ModuleText: pieces of Verilog modules: instances with their parameters and ports, number widths.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deepaxe/hw/design/layer_walk.h"

namespace deepaxe::hw::verilog {

/// Name and value (or expression), in the order in which they are written.
using Connections = std::vector<std::pair<std::string, std::string>>;

/// `module #(.A(1), ...) name (.clock(clock), ...);`, indented by 4, lines of at most 100 columns.
std::string instance_text(std::string_view module, std::string_view name,
                          const Connections& parameters, const Connections& ports);

/// ".name(value), .name(value)" in lines of at most 100 columns, indented by 8.
std::string connection_lines(const Connections& connections);

/// `// text`, broken at blanks into lines of at most 100 columns.
std::string comment_text(std::string_view text);

using design::index_bits;

/// "[7:0]".
std::string range_text(int bits);

/// The low `bits` of the number as hexadecimal digits.
std::string hex_text(std::int64_t value, int bits);

}  // namespace deepaxe::hw::verilog
