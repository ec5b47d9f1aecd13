#include "deepaxe/frontend/circuit/table_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"

namespace deepaxe::frontend::circuit {
namespace {

Circuit circuit_of(Format format, Signedness signedness, std::vector<std::int32_t> products) {
  return {.format = format,
          .table = {.signedness = signedness, .products = std::move(products)},
          .netlist = std::nullopt,
          .claims = {}};
}

// From [a + 128][b + 128] to the order of bit patterns, and back.
std::vector<std::int32_t> flip_sign_bits(const std::vector<std::int32_t>& products) {
  std::vector<std::int32_t> flipped(products.size());
  for (std::size_t i = 0; i < products.size(); ++i) flipped[i ^ 0x8080] = products[i];
  return flipped;
}

std::vector<std::int32_t> as_int16_patterns(std::vector<std::int32_t> products) {
  for (std::int32_t& product : products) product = static_cast<std::int16_t>(product);
  return products;
}

std::string pair_of(std::size_t index) {
  return "row " + std::to_string(index / 256 + 1) + ", column " + std::to_string(index % 256 + 1);
}

std::vector<std::int32_t> to_int32(const std::vector<double>& values, const std::string& file) {
  std::vector<std::int32_t> products;
  products.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::abs(values[i]) > std::numeric_limits<std::int32_t>::max()) {
      throw base::InputError({file, pair_of(i), std::to_string(values[i]), "a product of 32 bits"});
    }
    products.push_back(static_cast<std::int32_t>(values[i]));
  }
  return products;
}

// One line of 256 integers; `line` is left empty.
void parse_row(std::string_view line, int number, const std::string& file,
               std::vector<std::int32_t>& products) {
  constexpr std::string_view kSeparators = " \t\r,;";
  const std::size_t first = products.size();
  while (true) {
    const std::size_t begin = line.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    const auto length = static_cast<std::size_t>(end - line.data());
    const bool is_whole =
        length == line.size() || kSeparators.find(line[length]) != std::string_view::npos;
    if (error != std::errc() || !is_whole || products.size() - first == 256) {
      const std::string word(
          line.substr(0, std::min<std::size_t>(line.find_first_of(kSeparators), 40)));
      throw base::InputError({file, "line " + std::to_string(number), "'" + word + "'",
                              "256 integers of 32 bits in every line"});
    }
    products.push_back(value);
    line.remove_prefix(length);
  }
  const std::size_t count = products.size() - first;
  if (count != 256) {
    throw base::InputError({file, "line " + std::to_string(number),
                            std::to_string(count) + " integers", "256 in every line"});
  }
}

}  // namespace

Circuit parse_npy(std::span<const std::byte> bytes, const Source& source) {
  const base::NpyArray array = base::parse_npy(bytes, source.file);
  const bool is_integer = array.dtype.starts_with('i') || array.dtype.starts_with('u');
  if (!is_integer || array.shape != std::vector<std::size_t>{256, 256}) {
    std::string shape;
    for (const std::size_t size : array.shape)
      shape += (shape.empty() ? "" : ", ") + std::to_string(size);
    throw base::InputError(
        {source.file, "", array.dtype + " [" + shape + "]", "integers [256, 256]"});
  }
  const bool is_signed_type = array.dtype.starts_with('i');
  const Stated stated{is_signed_type ? Signedness::kSigned : Signedness::kUnsigned, std::nullopt};
  const Signedness signedness = decide(source, stated, "");
  std::vector<std::int32_t> products = to_int32(array.as_doubles(), source.file);
  if (signedness == Signedness::kSigned) {
    products = is_signed_type ? flip_sign_bits(products) : as_int16_patterns(std::move(products));
  }
  return circuit_of(Format::kNpy, signedness, std::move(products));
}

Circuit parse_tfapprox(std::span<const std::byte> bytes, const Source& source) {
  if (bytes.size() != 2 * ProductTable::kNumProducts) {
    throw base::InputError(
        {source.file, "", std::to_string(bytes.size()) + " bytes", "131072 bytes"});
  }
  const Signedness signedness = decide(source, {}, "");
  std::vector<std::int32_t> products(ProductTable::kNumProducts);
  for (std::size_t i = 0; i < products.size(); ++i) {
    products[i] = std::to_integer<std::int32_t>(bytes[2 * i]) |
                  std::to_integer<std::int32_t>(bytes[2 * i + 1]) << 8;
  }
  if (signedness == Signedness::kSigned) products = as_int16_patterns(std::move(products));
  return circuit_of(Format::kTfApprox, signedness, std::move(products));
}

Circuit parse_text(std::string_view text, const Source& source) {
  std::vector<std::int32_t> products;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (products.size() == ProductTable::kNumProducts) {
      throw base::InputError(
          {source.file, "line " + std::to_string(number), "another line", "256 lines"});
    }
    parse_row(line, number, source.file, products);
  }
  if (products.size() != ProductTable::kNumProducts) {
    throw base::InputError(
        {source.file, "", std::to_string(products.size() / 256) + " lines", "256 lines"});
  }
  const bool any_negative = std::ranges::any_of(products, [](std::int32_t p) { return p < 0; });
  Stated stated;
  (any_negative ? stated.surely : stated.probably) =
      any_negative ? Signedness::kSigned : Signedness::kUnsigned;
  const Signedness signedness = decide(source, stated, "");
  if (signedness == Signedness::kSigned) products = flip_sign_bits(products);
  return circuit_of(Format::kText, signedness, std::move(products));
}

}  // namespace deepaxe::frontend::circuit
