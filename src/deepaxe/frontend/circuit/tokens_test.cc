#include "deepaxe/frontend/circuit/tokens.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

std::vector<std::string> words_of(std::string_view text, Language language) {
  TokenStream tokens("t", text, language);
  std::vector<std::string> words;
  while (!tokens.at_end()) words.emplace_back(tokens.take().text);
  return words;
}

TEST(Tokens, CommentsAndBlanksSeparate) {
  EXPECT_EQ(words_of("a/* x\n */b // c\n>>= 0x1Fu", Language::kC),
            (std::vector<std::string>{"a", "b", ">>=", "0x1Fu"}));
}

TEST(Tokens, VerilogHasNumbersWithBasesAndEscapedNames) {
  EXPECT_EQ(words_of("8'hFF 'b01 \\a[0] ~^ $x", Language::kVerilog),
            (std::vector<std::string>{"8'hFF", "'b01", "\\a[0]", "~^", "$x"}));
}

TEST(Tokens, LinesAreCountedThroughComments) {
  TokenStream tokens("t", "a\n/* \n\n */ b\n\nc", Language::kC);
  EXPECT_EQ(tokens.take().line, 1);
  EXPECT_EQ(tokens.take().line, 4);
  EXPECT_EQ(tokens.take().line, 6);
  EXPECT_EQ(tokens.peek().kind, TokenKind::kEnd);
  EXPECT_EQ(tokens.take().kind, TokenKind::kEnd);  // It stays there.
}

TEST(Tokens, ADirectiveIsItsWholeLine) {
  EXPECT_EQ(words_of("#include <x.h>\na", Language::kC),
            (std::vector<std::string>{"#include <x.h>", "a"}));
  EXPECT_EQ(words_of("`timescale 1ns\na", Language::kVerilog)[0], "`timescale 1ns");
}

TEST(Tokens, ByteAndLineOfWhatIsNoTokenAreNamed) {
  for (const auto& [text, message] :
       {std::pair{"a\n\x01", "t: line 2: found byte 1, expected C source"},
        {"\n\n/* ", "t: line 3: found a comment without end, expected */"}}) {
    try {
      words_of(text, Language::kC);
      FAIL() << "accepted";
    } catch (const base::InputError& error) {
      EXPECT_STREQ(error.what(), message);
    }
  }
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
