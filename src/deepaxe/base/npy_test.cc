#include "deepaxe/base/npy.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>

#include "deepaxe/base/input_error.h"

namespace deepaxe::base {
namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// A version 1.0 file with this header and these elements.
std::vector<std::byte> file_of(const std::string& header, const std::string& elements) {
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() & 255);
  text += static_cast<char>(header.size() >> 8);
  return bytes_of(text + header + elements);
}

std::string header_of(const std::string& descr, const std::string& order,
                      const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

TEST(Npy, FormatAndParseAreInverse) {
  const std::vector<std::vector<std::size_t>> shapes = {{}, {6}, {2, 3}, {1, 2, 3, 1}, {0, 5}};
  for (const auto& shape : shapes) {
    NpyArray array{.dtype = "f4", .shape = shape, .bytes = {}};
    for (std::size_t i = 0; i < 4 * array.num_elements(); ++i) {
      array.bytes.push_back(static_cast<std::byte>(i));
    }
    const auto file = format_npy(array);
    const NpyArray parsed = parse_npy(file, "test");
    EXPECT_EQ(parsed.dtype, array.dtype);
    EXPECT_EQ(parsed.shape, array.shape);
    EXPECT_EQ(parsed.bytes, array.bytes);
    EXPECT_EQ((file.size() - array.bytes.size()) % 64, 0u);
  }
}

TEST(Npy, WritesTheHeaderOfNumPy) {
  const auto file = format_npy(make_npy(std::array<std::int8_t, 2>{1, 2}, {2}));
  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  EXPECT_EQ(text.substr(10, 57), "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }");
}

TEST(Npy, ConvertsEveryNumericTypeToDouble) {
  const std::vector<std::pair<std::string, std::string>> minus_two_or_one = {
      {"|i1", "\xfe"},
      {"<i2", "\xfe\xff"},
      {"<i4", "\xfe\xff\xff\xff"},
      {"<i8", "\xfe\xff\xff\xff\xff\xff\xff\xff"},
      {"<f2", std::string("\x00\xc0", 2)},
      {"<f4", std::string("\x00\x00\x00\xc0", 4)},
      {"<f8", std::string("\x00\x00\x00\x00\x00\x00\x00\xc0", 8)}};
  for (const auto& [descr, element] : minus_two_or_one) {
    const auto file = file_of(header_of(descr, "False", "(1,)"), element);
    EXPECT_EQ(parse_npy(file, "test").as_doubles(), std::vector<double>{-2}) << descr;
  }
  EXPECT_EQ(parse_npy(file_of(header_of("<u2", "False", "()"), "\xff\xff"), "test").as_doubles(),
            std::vector<double>{65535});
}

// Closed forms of IEEE 754 binary16: largest, smallest subnormal, infinity.
TEST(Npy, ReadsHalfPrecision) {
  const std::string elements("\xff\x7b\x01\x00\x00\x7c", 6);
  const auto values =
      parse_npy(file_of(header_of("<f2", "False", "(3,)"), elements), "test").as_doubles();
  EXPECT_EQ(values, (std::vector<double>{65504, 0x1p-24, std::numeric_limits<double>::infinity()}));
}

TEST(Npy, ConvertsFortranOrder) {
  // The 2x3 matrix of its own row-major indices, stored column by column.
  const auto file = file_of(header_of("|u1", "True", "(2, 3)"), std::string("\0\3\1\4\2\5", 6));
  EXPECT_EQ(parse_npy(file, "test").as_doubles(), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST(Npy, AcceptsAnyOrderOfKeysAndVersionTwo) {
  const std::string header = "{\"shape\": (1,), 'fortran_order': False, 'descr': '|u1'}";
  std::string text("\x93NUMPY\x02\x00", 8);
  text += static_cast<char>(header.size());
  text += std::string("\0\0\0", 3) + header + "\x07";
  EXPECT_EQ(parse_npy(bytes_of(text), "test").as_doubles(), std::vector<double>{7});
}

TEST(Npy, RejectsEveryTruncation) {
  const auto file = format_npy(make_npy(std::array<float, 3>{1, 2, 3}, {3}));
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_THROW(parse_npy(std::span(file).first(length), "test"), InputError) << length;
  }
}

TEST(Npy, RejectsShapesThatDoNotMatchTheBytesWithoutAllocatingThem) {
  const std::vector<std::string> shapes = {"(3,)",
                                           "(1,)",
                                           "(4294967296, 4294967296)",
                                           "(9223372036854775807, 2)",
                                           "(99999999999999999999999,)",
                                           "(1000000000000,)",
                                           "(-1,)",
                                           "(2.0,)",
                                           "2"};
  for (const std::string& shape : shapes) {
    const auto file = file_of(header_of("<f4", "False", shape), "12345678");
    EXPECT_THROW(parse_npy(file, "test"), InputError) << shape;
  }
  std::string many = "(";
  for (int i = 0; i < 1000; ++i) many += "1,";
  EXPECT_THROW(parse_npy(file_of(header_of("|u1", "False", many + ")"), "1"), "test"), InputError);
}

TEST(Npy, RejectsTypesItCannotRead) {
  for (const std::string descr : {"|O", ">f4", "<U4", "<c8", "<f16", "f4", ""}) {
    const auto file = file_of(header_of(descr, "False", "(1,)"), "1234");
    EXPECT_THROW(parse_npy(file, "test"), InputError) << descr;
  }
  EXPECT_THROW(parse_npy(bytes_of("PK\x03\x04 something else"), "test"), InputError);
}

TEST(Npy, NamesTheFileThePlaceAndBothSizes) {
  try {
    parse_npy(file_of(header_of("<f4", "False", "(3,)"), "12345678"), "logits.npy");
    FAIL() << "accepted 8 bytes for 3 floats";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "logits.npy: elements: found 8 bytes, expected 12 bytes as its shape says");
  }
}

TEST(Npy, RefusesWrongArgumentsOfOurOwn) {
  EXPECT_THROW(make_npy(std::array<float, 3>{}, {2}), std::invalid_argument);
  EXPECT_THROW(format_npy({.dtype = "x9", .shape = {}, .bytes = {}}), std::invalid_argument);
  EXPECT_THROW((NpyArray{.dtype = "f4", .shape = {2}, .bytes = {}}.as_doubles()),
               std::invalid_argument);
}

TEST(NpyArray, APartOfItsDoublesIsThatPart) {
  const std::vector<float> values = {1, 2, 3, 4, 5};
  const NpyArray array = make_npy(values, {5});
  EXPECT_EQ(array.as_doubles(1, 3), (std::vector<double>{2, 3, 4}));
  EXPECT_TRUE(array.as_doubles(5, 0).empty());
  EXPECT_THROW(array.as_doubles(3, 3), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::base
