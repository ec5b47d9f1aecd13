// Tokens of C and Verilog, whose words, numbers and comments look alike.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace deepaxe::frontend::circuit {

enum class TokenKind { kName, kNumber, kSymbol, kDirective, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  ///< A directive: its whole line. Points into the file's text.
  int line = 0;           ///< From 1.
};

enum class Language { kC, kVerilog };

/// Reads the tokens of a text one after the other. All refusals are base::InputError with the line
/// and the token.
class TokenStream {
 public:
  /// `text` must outlive the stream. Throws for a byte that begins no token, or a comment without
  /// end.
  TokenStream(std::string file, std::string_view text, Language language);

  const Token& peek(std::size_t ahead = 0) const;
  Token take();
  bool at_end() const { return peek().kind == TokenKind::kEnd; }
  bool is(std::string_view text) const { return peek().text == text; }
  bool accept(std::string_view text);
  void expect(std::string_view text);
  std::string expect_name(std::string_view what);

  [[noreturn]] void fail(const std::string& expected) const { fail_at(peek(), expected); }
  [[noreturn]] void fail_at(const Token& token, const std::string& expected) const;
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<Token> tokens_;  // The last one is kEnd.
  std::size_t next_ = 0;
};

/// Bounds the nesting of a recursive descent: throws base::InputError beyond 200 levels.
class Nesting {
 public:
  Nesting(int& depth, const TokenStream& tokens);
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
};

}  // namespace deepaxe::frontend::circuit
