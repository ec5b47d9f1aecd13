// The generated folder as a packaged IP core: component.xml.
// Source: IEEE 1685-2009 (IP-XACT), with the bus definitions of Vivado's IP catalog.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {

/// `files` are those that the core is made of: sources, memory contents, constraints. Bus
/// interfaces: those of the ports, clock, reset.
std::string component_text(const std::string& top, const std::vector<TopPort>& ports,
                           const design::SourceFiles& files);

}  // namespace deepaxe::hw::verilog
