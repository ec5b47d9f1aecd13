// The files of the folders `rtl` and `bench` as they are there.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace deepaxe::hw::verilog {

/// File name and content, by name.
std::span<const std::pair<std::string_view, std::string_view>> rtl_texts() noexcept;
std::span<const std::pair<std::string_view, std::string_view>> bench_texts() noexcept;

}  // namespace deepaxe::hw::verilog
