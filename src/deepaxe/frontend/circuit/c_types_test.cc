#include "deepaxe/frontend/circuit/c_types.h"

#include <gtest/gtest.h>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

CType type_of(std::string_view text) {
  TokenStream tokens("t", text, Language::kC);
  const CType type = take_type(tokens);
  EXPECT_TRUE(tokens.at_end()) << text;
  return type;
}

// On a 64-bit Linux, where the tests run too.
TEST(CTypes, WidthsAreThoseOfTheCompiler) {
  EXPECT_EQ(type_of("int"), (CType{8 * sizeof(int), true}));
  EXPECT_EQ(type_of("unsigned"), (CType{8 * sizeof(unsigned), false}));
  EXPECT_EQ(type_of("const unsigned char"), (CType{8, false}));
  EXPECT_EQ(type_of("short int"), (CType{8 * sizeof(short), true}));
  EXPECT_EQ(type_of("static inline unsigned long long int"), (CType{64, false}));
  EXPECT_EQ(type_of("long const"), (CType{8 * sizeof(long), true}));
  EXPECT_EQ(type_of("uint16_t"), (CType{16, false}));
}

TEST(CTypes, OtherTypesAreRefused) {
  for (const char* text : {"float", "struct x", "const", "size_t"}) {
    TokenStream tokens("t", text, Language::kC);
    EXPECT_THROW(take_type(tokens), base::InputError) << text;
  }
}

TEST(CTypes, LiteralsHaveTheTypeOfTheirSizeAndSuffix) {
  const auto bits_of = [](std::string_view text) { return parse_c_number(text)->word.size(); };
  EXPECT_EQ(bits_of("2147483647"), 32U);
  EXPECT_EQ(bits_of("2147483648"), 64U);
  EXPECT_EQ(bits_of("0xFFFFFFFF"), 32U);
  EXPECT_EQ(bits_of("1L"), 64U);
  EXPECT_FALSE(parse_c_number("0xFFFFFFFF")->is_signed);
  EXPECT_TRUE(parse_c_number("0x7F")->is_signed);
  EXPECT_FALSE(parse_c_number("1ull")->is_signed);
  EXPECT_EQ(constant_value(parse_c_number("017")->word), 15U);
  EXPECT_EQ(constant_value(parse_c_number("0b101")->word), 5U);
  for (const char* text : {"0x", "1.5", "08", "1e3", "99999999999999999999", "u"}) {
    EXPECT_FALSE(parse_c_number(text)) << text;
  }
}

TEST(CTypes, NarrowTypesBecomeInt) {
  const CValue byte{Word(8, kZero), false}, wide{Word(64, kZero), true};
  const CValue word{Word(32, kZero), false}, integer{Word(32, kZero), true};
  EXPECT_EQ(common_type(byte, byte), (CType{32, true}));
  EXPECT_EQ(common_type(word, integer), (CType{32, false}));
  EXPECT_EQ(common_type(word, wide), (CType{64, true}));
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
