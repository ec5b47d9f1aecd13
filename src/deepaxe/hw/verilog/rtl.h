// The fixed Verilog modules of every generated accelerator, from the folder `rtl`.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace deepaxe::hw::verilog {

/// File name ("engine.v") and content, by name.
std::span<const std::pair<std::string_view, std::string_view>> rtl_files() noexcept;

}  // namespace deepaxe::hw::verilog
