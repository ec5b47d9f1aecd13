// The fixed Verilog modules of every generated accelerator, and the texts of its benches.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace deepaxe::hw::verilog {

/// File name ("engine.v") and content, by name; the folder `rtl`.
std::span<const std::pair<std::string_view, std::string_view>> rtl_files() noexcept;

/// A file of the folder `bench`, which must have it; @NAME@ stands for what the design puts in.
std::string_view bench_file(std::string_view name) noexcept;

}  // namespace deepaxe::hw::verilog
