#include "deepaxe/frontend/circuit/circuit.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include "deepaxe/base/byte_order_mark.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/blif.h"
#include "deepaxe/frontend/circuit/c_source.h"
#include "deepaxe/frontend/circuit/cgp.h"
#include "deepaxe/frontend/circuit/source.h"
#include "deepaxe/frontend/circuit/table_files.h"
#include "deepaxe/frontend/circuit/verilog.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{2} << 20;        // Tables of numbers as text: 0.5 MB.
constexpr std::size_t kMaxSourceBytes = std::size_t{1} << 20;  // Held as up to 40 times as much.
constexpr std::int32_t kLargestProduct = 1 << 17;              // Exact ones reach 2^16 - 511.
constexpr std::string_view kNpyMagic("\x93NUMPY", 6);
constexpr std::size_t kTfApproxBytes = 2 * ProductTable::kNumProducts;

// By Format.
constexpr std::array<std::string_view, 7> kFormatNames = {"npy",     "tfapprox", "text", "c",
                                                          "verilog", "blif",     "cgp"};

constexpr std::array<std::pair<std::string_view, Format>, 12> kEndings = {
    {{".npy", Format::kNpy},
     {".bin", Format::kTfApprox},
     {".txt", Format::kText},
     {".csv", Format::kText},
     {".tsv", Format::kText},
     {".c", Format::kC},
     {".h", Format::kC},
     {".v", Format::kVerilog},
     {".sv", Format::kVerilog},
     {".blif", Format::kBlif},
     {".cgp", Format::kCgp},
     {".chr", Format::kCgp}}};

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Format> by_ending(const std::string& name) {
  std::filesystem::path path(name);
  if (path.extension() == ".gz") path = path.stem();
  for (const auto& [ending, format] : kEndings) {
    if (path.extension() == ending) return format;
  }
  return std::nullopt;
}

std::optional<Format> by_content(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') return Format::kCgp;
  if (text.find("endmodule") != std::string_view::npos) return Format::kVerilog;
  if (text.find(".model") != std::string_view::npos) return Format::kBlif;
  if (text.find("return") != std::string_view::npos) return Format::kC;
  if (text.size() == kTfApproxBytes) return Format::kTfApprox;
  const bool is_number =
      first != std::string_view::npos &&
      (text[first] == '-' || std::isdigit(static_cast<unsigned char>(text[first])) != 0);
  if (is_number) return Format::kText;
  return std::nullopt;
}

Circuit parse_as(Format format, std::span<const std::byte> bytes, const Source& source) {
  switch (format) {
    case Format::kNpy:
      return parse_npy(bytes, source);
    case Format::kTfApprox:
      return parse_tfapprox(bytes, source);
    case Format::kText:
      return parse_text(as_text(bytes), source);
    case Format::kC:
      return parse_c(as_text(bytes), source);
    case Format::kVerilog:
      return parse_verilog(as_text(bytes), source);
    case Format::kBlif:
      return parse_blif(as_text(bytes), source);
    case Format::kCgp:
      break;
  }
  return parse_cgp(as_text(bytes), source);
}

bool is_source(Format format) {
  return format == Format::kC || format == Format::kVerilog || format == Format::kBlif ||
         format == Format::kCgp;
}

// Far beyond what an 8x8-bit multiplier may give; what comes after relies on it.
void expect_small_products(const ProductTable& table, const std::string& file) {
  for (std::size_t i = 0; i < table.products.size(); ++i) {
    const std::int32_t product = table.products[i];
    if (product >= -kLargestProduct && product <= kLargestProduct) continue;
    throw base::InputError(
        {file,
         fmt::format("product of {} and {}", arith::operand_value(i >> 8, table.signedness),
                     arith::operand_value(i & 255, table.signedness)),
         std::to_string(product), "the product of a multiplier of 8x8 bits"});
  }
}

bool has_comments(Format format) {
  return format == Format::kC || format == Format::kVerilog || format == Format::kBlif;
}

// The operands change places.
void swap_operands(Circuit& circuit) {
  ProductTable& table = circuit.table;
  std::vector<std::int32_t> products(table.products.size());
  for (std::size_t i = 0; i < products.size(); ++i) {
    products[(i & 255) << 8 | i >> 8] = table.products[i];
  }
  table.products = std::move(products);
  if (!circuit.netlist) return;
  const auto swapped = [](std::uint32_t net) {
    return net < arith::Netlist::kNumInputs ? net ^ 8 : net;
  };
  for (arith::Gate& gate : circuit.netlist->gates) {
    gate.a = swapped(gate.a);
    gate.b = swapped(gate.b);
  }
  for (std::uint32_t& net : circuit.netlist->outputs) net = swapped(net);
}

}  // namespace

std::string_view to_string(Format format) noexcept {
  return kFormatNames[static_cast<std::size_t>(format)];
}

Format recognize_format(std::span<const std::byte> bytes, const std::string& name) {
  if (as_text(bytes).starts_with(kNpyMagic)) return Format::kNpy;
  if (const auto format = by_ending(name)) return *format;
  const std::string_view text = base::without_byte_order_mark(as_text(bytes));
  if (const auto format = by_content(text)) return *format;
  throw base::InputError(
      {name, "", "no known format",
       ".npy, TFApprox .bin, text or CSV, C, Verilog, BLIF or a CGP chromosome"});
}

Circuit parse_circuit(std::span<const std::byte> bytes, const std::string& name,
                      const ReadParams& params) {
  const Format format = recognize_format(bytes, name);
  const bool is_binary = format == Format::kNpy || format == Format::kTfApprox;
  if (!is_binary && as_text(bytes).starts_with(base::kByteOrderMark)) {
    bytes = bytes.subspan(base::kByteOrderMark.size());
  }
  if (is_source(format) && bytes.size() > kMaxSourceBytes) {
    throw base::InputError({name, "", std::to_string(bytes.size()) + " bytes",
                            fmt::format("at most {} of a circuit", kMaxSourceBytes)});
  }
  Circuit circuit = parse_as(format, bytes, {.file = name, .asked = params.signedness});
  expect_small_products(circuit.table, name);
  if (has_comments(format)) circuit.claims = find_claims(as_text(bytes));
  if (params.order == OperandOrder::kBa) swap_operands(circuit);
  return circuit;
}

Circuit read_circuit(const std::string& file, const ReadParams& params) {
  std::error_code ignored;  // What is not there is for the reader to say.
  if (std::filesystem::exists(file, ignored) && !std::filesystem::is_directory(file, ignored) &&
      !std::filesystem::is_regular_file(file, ignored)) {
    throw base::InputError({file, "", "a device or a pipe", "a file"});
  }
  return parse_circuit(base::read_file_maybe_gzip(file, kMaxBytes), file, params);
}

}  // namespace deepaxe::frontend::circuit
