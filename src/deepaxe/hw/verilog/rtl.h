// The fixed Verilog modules of every generated accelerator, and the texts of its fault bench.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace deepaxe::hw::verilog {

/// File name ("engine.v") and content, by name; the folder `rtl`.
std::span<const std::pair<std::string_view, std::string_view>> rtl_files() noexcept;

/// The same of the folder `bench`; @NAME@ stands for what the design puts in.
std::span<const std::pair<std::string_view, std::string_view>> bench_files() noexcept;

}  // namespace deepaxe::hw::verilog
