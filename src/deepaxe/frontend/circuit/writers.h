// Our multipliers as files of other programs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/library.h"

namespace deepaxe::frontend::circuit {

/// Tables: npy int16 at [a + 128][b + 128]; tfapprox 65,536 little-endian patterns; approxtorch
/// text from -128 up; adapt a C array by bit patterns. Circuits, which need a netlist: c, verilog,
/// blif, cgp. Every one of them is read back by parse_circuit as the same products.
enum class ExportFormat { kNpy, kTfApprox, kApproxTorch, kAdapt, kC, kVerilog, kBlif, kCgp };

std::span<const std::string_view> export_format_names() noexcept;  ///< In the order of the enum.
std::optional<ExportFormat> parse_export_format(std::string_view name) noexcept;

/// The bytes of the file. C, Verilog and BLIF are headed by their measured errors in the form of
/// EvoApproxLib and named mul8s_NAME. Throws base::InputError where there is no netlist.
std::vector<std::byte> format_circuit(const arith::NamedMultiplier& multiplier,
                                      ExportFormat format);

}  // namespace deepaxe::frontend::circuit
