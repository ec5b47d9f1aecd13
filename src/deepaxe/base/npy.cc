#include "deepaxe/base/npy.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::base {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they are stored");

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMaxDimensions = 64;  // NumPy 2's own limit.

// 0 for a type that is not of kind b, i, u, f or not of a size that NumPy writes.
std::size_t item_size(std::string_view dtype) {
  constexpr std::string_view kKnown[] = {"b1", "i1", "i2", "i4", "i8", "u1",
                                         "u2", "u4", "u8", "f2", "f4", "f8"};
  for (const std::string_view known : kKnown) {
    if (dtype == known) return static_cast<std::size_t>(dtype[1] - '0');
  }
  return 0;
}

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

// The header is a Python dictionary literal with exactly three keys.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header parse() {
    Header header;
    int seen = 0;  // One bit for each key.
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") {
        header.descr = string();
        seen |= 1;
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
        seen |= 2;
      } else if (key == "shape") {
        header.shape = tuple();
        seen |= 4;
      } else {
        fail("key '" + key + "'", "descr, fortran_order or shape");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (seen != 7) fail("a missing key", "descr, fortran_order and shape");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
    throw InputError({name_, ".npy header, character " + std::to_string(at_), found, expected});
  }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (accept(c)) return;
    fail(at_ < text_.size() ? "'" + std::string(1, text_[at_]) + "'" : "its end",
         "'" + std::string(1, c) + "'");
  }
  std::string string() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("a string without end", "a quote");
    std::string value(text_.substr(at_, end - at_));
    at_ = end + 1;
    return value;
  }
  bool boolean() {
    skip_spaces();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return value;
    }
    fail("another value", "True or False");
  }
  std::size_t number() {
    skip_spaces();
    const std::size_t first = at_;
    std::size_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      const auto digit = static_cast<std::size_t>(text_[at_] - '0');
      if (value > (std::numeric_limits<std::size_t>::max() - digit) / 10) {
        fail("a dimension above 2^64", "the shape of the data that follow");
      }
      value = value * 10 + digit;
      ++at_;
    }
    if (at_ == first) fail("no number", "a dimension");
    return value;
  }
  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> values;
    expect('(');
    while (!accept(')')) {
      if (values.size() == kMaxDimensions) fail("more dimensions", "at most 64");
      values.push_back(number());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

// Splits off the header; `bytes` is left at the first element.
Header take_header(std::span<const std::byte>& bytes, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic))
    throw InputError({name, "byte 0", "another format", "a .npy file"});
  const auto byte = [&](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
  const std::size_t version = text.size() > 6 ? byte(6) : 0;
  if (version < 1 || version > 3) {
    throw InputError({name, "byte 6", "version " + std::to_string(version), "1, 2 or 3"});
  }
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = 0;
  for (std::size_t i = start; i-- > 8 && start <= text.size();) length = length << 8 | byte(i);
  if (text.size() < start || text.size() - start < length) {
    throw InputError({name, "byte 8", std::to_string(text.size()) + " bytes",
                      "a header of " + std::to_string(length) + " bytes"});
  }
  Header header = HeaderParser(text.substr(start, length), name).parse();
  bytes = bytes.subspan(start + length);
  return header;
}

std::string little_endian_dtype(const std::string& descr, const std::string& name) {
  std::string dtype = descr.empty() ? "" : descr.substr(1);
  const bool order_known = !descr.empty() && (descr[0] == '<' || descr[0] == '|');
  if (!order_known || item_size(dtype) == 0) {
    throw InputError({name, "dtype", "'" + descr + "'",
                      "a little-endian boolean, integer or float of at most 64 bits"});
  }
  return dtype;
}

// Number of bytes of the elements, or nothing where that does not fit in 64 bits.
bool checked_size(std::span<const std::size_t> shape, std::size_t item, std::size_t& size) {
  size = item;
  for (const std::size_t dimension : shape) {
    if (dimension == 0) {
      size = 0;
      return true;
    }
  }
  for (const std::size_t dimension : shape) {
    if (size > std::numeric_limits<std::size_t>::max() / dimension) return false;
    size *= dimension;
  }
  return true;
}

// Column-major to row-major: walks the target in order and keeps the source offset beside it.
std::vector<std::byte> from_fortran_order(std::span<const std::byte> source,
                                          std::span<const std::size_t> shape, std::size_t item) {
  std::vector<std::byte> target(source.size());
  std::vector<std::size_t> strides(shape.size());
  std::size_t stride = item;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    strides[d] = stride;
    stride *= shape[d];
  }
  std::vector<std::size_t> index(shape.size());
  std::size_t offset = 0;
  for (std::size_t at = 0; at < target.size(); at += item) {
    std::memcpy(&target[at], &source[offset], item);
    for (std::size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < shape[d]) break;
      offset -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return target;
}

double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  double value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

template <typename T>
double element(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}

double half_element(const std::byte* at) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return half_to_double(bits);
}

using Reader = double (*)(const std::byte*);

Reader reader_of(std::string_view dtype) {
  constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"b1", element<std::uint8_t>},  {"i1", element<std::int8_t>},
      {"i2", element<std::int16_t>},  {"i4", element<std::int32_t>},
      {"i8", element<std::int64_t>},  {"u1", element<std::uint8_t>},
      {"u2", element<std::uint16_t>}, {"u4", element<std::uint32_t>},
      {"u8", element<std::uint64_t>}, {"f2", half_element},
      {"f4", element<float>},         {"f8", element<double>}};
  for (const auto& [name, reader] : kReaders) {
    if (name == dtype) return reader;
  }
  throw std::invalid_argument("no numeric dtype: '" + std::string(dtype) + "'");
}

template <typename T>
NpyArray make(std::span<const T> values, std::vector<std::size_t> shape, const char* dtype) {
  NpyArray array{.dtype = dtype, .shape = std::move(shape), .bytes = {}};
  if (array.num_elements() != values.size()) {
    throw std::invalid_argument("make_npy: " + std::to_string(values.size()) +
                                " values for a shape of " + std::to_string(array.num_elements()));
  }
  const auto bytes = std::as_bytes(values);
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

}  // namespace

std::size_t NpyArray::num_elements() const noexcept {
  std::size_t count = 1;
  for (const std::size_t dimension : shape) count *= dimension;
  return count;
}

std::vector<double> NpyArray::as_doubles() const { return as_doubles(0, num_elements()); }

std::vector<double> NpyArray::as_doubles(std::size_t first, std::size_t count) const {
  const Reader reader = reader_of(dtype);
  const std::size_t item = item_size(dtype);
  if (bytes.size() / item != num_elements() || first + count > num_elements()) {
    throw std::invalid_argument("NpyArray: its bytes do not match its shape, or fewer elements");
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = reader(&bytes[(first + i) * item]);
  return values;
}

NpyArray parse_npy(std::span<const std::byte> bytes, const std::string& name) {
  Header header = take_header(bytes, name);
  NpyArray array{.dtype = little_endian_dtype(header.descr, name),
                 .shape = std::move(header.shape),
                 .bytes = {}};
  std::size_t size = 0;
  const bool fits = checked_size(array.shape, item_size(array.dtype), size);
  if (!fits || size != bytes.size()) {
    throw InputError(
        {name, "elements", std::to_string(bytes.size()) + " bytes",
         fits ? std::to_string(size) + " bytes as its shape says" : "a smaller shape"});
  }
  if (header.fortran_order) {
    array.bytes = from_fortran_order(bytes, array.shape, item_size(array.dtype));
  } else {
    array.bytes.assign(bytes.begin(), bytes.end());
  }
  return array;
}

NpyArray read_npy(const std::filesystem::path& path) {
  return parse_npy(read_file_maybe_gzip(path), path.string());
}

std::vector<std::byte> format_npy(const NpyArray& array) {
  const std::size_t item = item_size(array.dtype);
  if (item == 0) throw std::invalid_argument("no numeric dtype: '" + array.dtype + "'");
  std::string header = std::string("{'descr': '") + (item == 1 ? '|' : '<') + array.dtype +
                       "', 'fortran_order': False, 'shape': (";
  for (const std::size_t dimension : array.shape) header += std::to_string(dimension) + ", ";
  header += "), }";
  if (!array.shape.empty()) {
    const std::size_t end = header.rfind(", )");  // NumPy writes (2, 3) but (2,).
    header.replace(end, 2, array.shape.size() == 1 ? "," : "");
  }
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';  // Elements start on a multiple of 64.
  header += '\n';
  std::string text(kMagic);
  text += {'\x01', '\x00', static_cast<char>(header.size() & 255),
           static_cast<char>(header.size() >> 8)};
  text += header;
  const auto head = std::as_bytes(std::span(text));
  std::vector<std::byte> bytes(head.begin(), head.end());
  bytes.insert(bytes.end(), array.bytes.begin(), array.bytes.end());
  return bytes;
}

NpyArray make_npy(std::span<const float> values, std::vector<std::size_t> shape) {
  return make(values, std::move(shape), "f4");
}

NpyArray make_npy(std::span<const std::int8_t> values, std::vector<std::size_t> shape) {
  return make(values, std::move(shape), "i1");
}

}  // namespace deepaxe::base
