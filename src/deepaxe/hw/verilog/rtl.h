// The fixed Verilog modules of every generated accelerator, and the texts of its benches.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace deepaxe::hw::verilog {

/// File name ("engine.v") and content, by name: the folder `rtl`. There a line @BUS@ stands for the
/// ports of a bus (top_ports.h), @BUS.connections@ for what connects them to an instance's of the
/// same names; here they are written out.
std::span<const std::pair<std::string, std::string>> rtl_files();

/// A file of the folder `bench`, which must have it; @NAME@ stands for what the design puts in.
std::string_view bench_file(std::string_view name) noexcept;

}  // namespace deepaxe::hw::verilog
