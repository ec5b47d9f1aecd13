#include "deepaxe/frontend/circuit/writers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>

#include "deepaxe/arith/multiplier_npy.h"
#include "deepaxe/arith/netlist_verilog.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/netlist_writers.h"

namespace deepaxe::frontend::circuit {
namespace {

using arith::Multiplier;
using arith::NamedMultiplier;

constexpr std::array<std::string_view, 8> kNames = {"npy", "tfapprox", "approxtorch", "adapt",
                                                    "c",   "verilog",  "blif",        "cgp"};

std::vector<std::byte> to_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// "mul8s_1KVP": a name of C and Verilog.
std::string identifier(const std::string& name) {
  std::string result = name.starts_with("mul8s_") ? "" : "mul8s_";
  for (const char c : name) {
    result += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return result;
}

std::string heading(const NamedMultiplier& named, std::string_view comment) {
  const arith::ErrorStats stats = arith::error_stats(named.multiplier);
  constexpr double kPercent = 100.0 / 65536;
  std::string text;
  const auto line = [&](const std::string& content) {
    text += fmt::format("{} {}\n", comment, content);
  };
  line(fmt::format("{}: an 8x8-bit signed multiplier, exported by DeepAxe", named.name));
  line(fmt::format("MAE% = {:.6g} %", kPercent * stats.mean_absolute_lsb));
  line(fmt::format("MAE = {:.6g}", stats.mean_absolute_lsb));
  line(fmt::format("WCE% = {:.6g} %", kPercent * stats.worst_case_lsb));
  line(fmt::format("WCE = {}", stats.worst_case_lsb));
  line(fmt::format("EP% = {:.6g} %", 100 * stats.probability));
  line(fmt::format("MRE% = {:.6g} %", 100 * stats.mean_relative));
  line(fmt::format("MSE = {:.6g}", stats.mean_square_lsb2));
  return text;
}

std::vector<std::byte> tfapprox_bytes(const Multiplier& multiplier) {
  std::vector<std::byte> bytes;
  bytes.reserve(2 * Multiplier::kNumProducts);
  for (const std::int16_t product : multiplier.products()) {
    const auto pattern = static_cast<std::uint16_t>(product);
    bytes.push_back(static_cast<std::byte>(pattern & 255));
    bytes.push_back(static_cast<std::byte>(pattern >> 8));
  }
  return bytes;
}

std::string approxtorch_text(const Multiplier& multiplier) {
  std::string text;
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      text += std::to_string(multiplier(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)));
      text += b < 127 ? '\t' : '\n';
    }
  }
  return text;
}

std::string adapt_header(const Multiplier& multiplier) {
  std::string text = "#include <stdint.h>\n\nconst int16_t lut [256][256] = {";
  for (std::size_t i = 0; i < Multiplier::kNumProducts; ++i) {
    if (i % 256 == 0) text += i == 0 ? "{" : "},\n{";
    if (i % 256 != 0) text += ", ";
    text += std::to_string(multiplier.products()[i]);
  }
  return text + "}};\n";
}

const arith::Netlist& exportable_netlist(const NamedMultiplier& named) {
  if (named.netlist) return *named.netlist;
  throw base::InputError({"multiplier '" + named.name + "'", "", "products alone, no netlist",
                          "--to npy, tfapprox, approxtorch or adapt"});
}

}  // namespace

std::span<const std::string_view> export_format_names() noexcept { return kNames; }

std::optional<ExportFormat> parse_export_format(std::string_view name) noexcept {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ExportFormat>(found - kNames.begin());
}

std::vector<std::byte> format_circuit(const NamedMultiplier& named, ExportFormat format) {
  const std::string name = identifier(named.name);
  switch (format) {
    case ExportFormat::kNpy:
      return base::format_npy(arith::to_npy(named.multiplier));
    case ExportFormat::kTfApprox:
      return tfapprox_bytes(named.multiplier);
    case ExportFormat::kApproxTorch:
      return to_bytes(approxtorch_text(named.multiplier));
    case ExportFormat::kAdapt:
      return to_bytes(adapt_header(named.multiplier));
    case ExportFormat::kC:
      return to_bytes(heading(named, "//") + to_c(exportable_netlist(named), name));
    case ExportFormat::kVerilog:
      return to_bytes(heading(named, "//") + arith::to_verilog(exportable_netlist(named), name));
    case ExportFormat::kBlif:
      return to_bytes(heading(named, "#") + to_blif(exportable_netlist(named), name));
    case ExportFormat::kCgp:
      break;
  }
  return to_bytes(to_cgp(exportable_netlist(named)));
}

}  // namespace deepaxe::frontend::circuit
