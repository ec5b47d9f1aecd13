#include "deepaxe/frontend/circuit/table_files.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/npy.h"
#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr ReadParams kSigned{.signedness = Signedness::kSigned, .order = OperandOrder::kAb};

// value(row, column) as an array of `dtype`, whose items have sizeof(T).
template <typename T, typename Value>
std::string npy_text(const std::string& dtype, Value value,
                     std::vector<std::size_t> shape = {256, 256}) {
  base::NpyArray array{.dtype = dtype, .shape = std::move(shape), .bytes = {}};
  array.bytes.resize(array.num_elements() * sizeof(T));
  for (std::size_t i = 0; i < array.num_elements(); ++i) {
    const T item = static_cast<T>(value(static_cast<int>(i / 256), static_cast<int>(i % 256)));
    std::memcpy(&array.bytes[i * sizeof(T)], &item, sizeof(T));
  }
  const std::vector<std::byte> bytes = base::format_npy(array);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int signed_exact(int row, int column) { return (row - 128) * (column - 128); }
int unsigned_exact(int row, int column) { return row * column; }
int pattern_exact(int row, int column) {
  return static_cast<std::int8_t>(row) * static_cast<std::int8_t>(column);
}

TEST(Npy, SignedTypesGoUpFromMinus128) {
  for (const std::string& text :
       {npy_text<std::int16_t>("i2", signed_exact), npy_text<std::int32_t>("i4", signed_exact),
        npy_text<std::int64_t>("i8", signed_exact)}) {
    EXPECT_EQ(arith::identity(parse_text_file(text, "t.npy").table), identity_of("exact"));
  }
}

TEST(Npy, UnsignedTypesGoUpFrom0) {
  for (const std::string& text : {npy_text<std::uint16_t>("u2", unsigned_exact),
                                  npy_text<std::uint64_t>("u8", unsigned_exact)}) {
    const Circuit circuit = parse_text_file(text, "t.npy");
    EXPECT_EQ(circuit.table.signedness, Signedness::kUnsigned);
    EXPECT_EQ(arith::error_stats(circuit.table).worst_case_lsb, 0);
  }
}

TEST(Npy, WhatIsAskedGoesBeforeTheType) {
  const Circuit wide =
      parse_text_file(npy_text<std::int32_t>("i4", unsigned_exact), "t.npy",
                      {.signedness = Signedness::kUnsigned, .order = OperandOrder::kAb});
  EXPECT_EQ(arith::error_stats(wide.table).worst_case_lsb, 0);
  const Circuit patterns =
      parse_text_file(npy_text<std::uint16_t>("u2", pattern_exact), "t.npy", kSigned);
  EXPECT_EQ(arith::identity(patterns.table), identity_of("exact"));
}

TEST(Npy, OtherTypesShapesAndSizesOfProductsAreRefused) {
  EXPECT_EQ(refusal_of(npy_text<float>("f4", signed_exact), "t.npy"),
            "t.npy: found f4 [256, 256], expected integers [256, 256]");
  EXPECT_EQ(refusal_of(npy_text<std::int16_t>("i2", signed_exact, {65536}), "t.npy"),
            "t.npy: found i2 [65536], expected integers [256, 256]");
  const std::string huge = npy_text<std::int64_t>("i8", [](int row, int column) {
    return row == 1 && column == 2 ? std::int64_t{1} << 40 : 0;
  });
  EXPECT_TRUE(has(refusal_of(huge, "t.npy"), "row 2, column 3"));
}

std::string tfapprox(int (*product)(int, int)) {
  std::string text;
  for (int i = 0; i < 65536; ++i) {
    const int pattern = product(i >> 8, i & 255);
    text += {static_cast<char>(pattern & 255), static_cast<char>(pattern >> 8 & 255)};
  }
  return text;
}

TEST(TfApprox, PatternsAreIndexedByPatterns) {
  const Circuit circuit = parse_text_file(tfapprox(pattern_exact), "t.bin", kSigned);
  EXPECT_EQ(circuit.format, Format::kTfApprox);
  EXPECT_EQ(arith::identity(circuit.table), identity_of("exact"));
  const Circuit other = parse_text_file(tfapprox(unsigned_exact), "mul8u_x.bin");
  EXPECT_EQ(arith::error_stats(other.table).worst_case_lsb, 0);
}

TEST(TfApprox, KindAndSizeAreNotGuessed) {
  EXPECT_TRUE(has(refusal_of(tfapprox(unsigned_exact), "t.bin"), "--signed or --unsigned"));
  EXPECT_EQ(refusal_of("too short", "t.bin", kSigned),
            "t.bin: found 9 bytes, expected 131072 bytes");
}

std::string text_table(int (*product)(int, int), const std::string& separator) {
  std::string text;
  for (int row = 0; row < 256; ++row) {
    for (int column = 0; column < 256; ++column) {
      text += std::to_string(product(row, column)) + (column < 255 ? separator : "\n");
    }
  }
  return text;
}

TEST(Text, SeparatorsDoNotMatter) {
  for (const char* separator : {"\t", " ", ",", "; ", ", "}) {
    EXPECT_EQ(arith::identity(parse_text_file(text_table(signed_exact, separator), "t.csv").table),
              identity_of("exact"));
  }
}

TEST(Text, WithoutANegativeNumberItIsUnsigned) {
  const Circuit circuit = parse_text_file(text_table(unsigned_exact, "\t"), "t.txt");
  EXPECT_EQ(circuit.table.signedness, Signedness::kUnsigned);
  EXPECT_EQ(arith::error_stats(circuit.table).worst_case_lsb, 0);
}

TEST(Text, WrongLinesAreNamed) {
  const std::string table = text_table(signed_exact, ",");
  EXPECT_EQ(refusal_of(table + "1,2\n", "t.txt"),
            "t.txt: line 257: found another line, expected 256 lines");
  EXPECT_EQ(
      refusal_of(table.substr(0, table.find('\n') - 8) + "\n", "t.txt").find("t.txt: line 1: "),
      0U);
  EXPECT_EQ(refusal_of("1 2 x 4\n", "t.txt"),
            "t.txt: line 1: found 'x', expected 256 integers of 32 bits in every line");
  EXPECT_TRUE(has(refusal_of("1 2 3.5\n", "t.txt"), "found '3.5'"));
  EXPECT_TRUE(has(refusal_of("99999999999\n", "t.txt"), "found '99999999999'"));
  EXPECT_EQ(refusal_of("1 2\n", "t.txt"),
            "t.txt: line 1: found 2 integers, expected 256 in every line");
  EXPECT_EQ(refusal_of("", "t.txt"), "t.txt: found 0 lines, expected 256 lines");
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
