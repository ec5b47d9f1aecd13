#include "deepaxe/frontend/circuit/tokens.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::size_t kMaxShownLength = 40;  // Of a token in a message.

// The longest first.
constexpr std::array<std::string_view, 24> kLongSymbols = {
    "<<=", ">>=", "<<<", ">>>", "===", "!==", "<<", ">>", "<=", ">=", "==", "!=",
    "&&",  "||",  "|=",  "&=",  "^=",  "+=",  "-=", "*=", "~^", "^~", "++", "--"};
constexpr std::string_view kSymbols = "()[]{}.,;:?=+-*/%&|^~!<>#@";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
 public:
  Scanner(const std::string& file, std::string_view text, Language language)
      : file_(file), text_(text), language_(language) {}

  std::vector<Token> scan() {
    std::vector<Token> tokens;
    while (skip_blanks()) tokens.push_back(token());
    tokens.push_back({TokenKind::kEnd, "", line_});
    return tokens;
  }

 private:
  [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
    throw base::InputError({file_, "line " + std::to_string(line_), found, expected});
  }

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  void advance_to(std::size_t end) {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at_ = end;
  }

  // To the next token; false at the end.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        advance_to(at_ + 1);
      } else if (at(at_) == '/' && at(at_ + 1) == '/') {
        advance_to(std::min(text_.find('\n', at_), text_.size()));
      } else if (at(at_) == '/' && at(at_ + 1) == '*') {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) fail("a comment without end", "*/");
        advance_to(end + 2);
      } else {
        return true;
      }
    }
    return false;
  }

  Token token() {
    const std::size_t begin = at_;
    const int line = line_;
    const TokenKind kind = skip_token();
    return {kind, text_.substr(begin, at_ - begin), line};
  }

  TokenKind skip_token() {
    const char c = text_[at_];
    if (is_directive(c)) {
      advance_to(std::min(text_.find('\n', at_), text_.size()));
      return TokenKind::kDirective;
    }
    if (c == '\\' && language_ == Language::kVerilog) return skip_escaped_name();
    if (is_digit(c) || (c == '\'' && language_ == Language::kVerilog)) return skip_number();
    if (is_word(c) || (c == '$' && language_ == Language::kVerilog)) {
      do ++at_;
      while (is_word(at(at_)) || at(at_) == '$');
      return TokenKind::kName;
    }
    return skip_symbol();
  }

  bool is_directive(char c) const { return language_ == Language::kC ? c == '#' : c == '`'; }

  // \name ends at a blank.
  TokenKind skip_escaped_name() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) == 0) ++at_;
    return TokenKind::kName;
  }

  // 0x1Fu; 8'hFF, 'b0; also what is none, for the parser to refuse.
  TokenKind skip_number() {
    while (is_word(at(at_))) ++at_;
    if (language_ == Language::kVerilog && at(at_) == '\'') {
      ++at_;
      while (is_word(at(at_)) || at(at_) == '?') ++at_;
    }
    return TokenKind::kNumber;
  }

  TokenKind skip_symbol() {
    for (const std::string_view symbol : kLongSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return TokenKind::kSymbol;
    }
    if (kSymbols.find(text_[at_]) == std::string_view::npos) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      fail(std::isprint(byte) != 0 ? "'" + std::string(1, text_[at_]) + "'"
                                   : "byte " + std::to_string(byte),
           language_ == Language::kC ? "C source" : "Verilog");
    }
    ++at_;
    return TokenKind::kSymbol;
  }

  const std::string& file_;
  std::string_view text_;
  Language language_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

TokenStream::TokenStream(std::string file, std::string_view text, Language language)
    : file_(std::move(file)), tokens_(Scanner(file_, text, language).scan()) {}

const Token& TokenStream::peek(std::size_t ahead) const {
  return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

Token TokenStream::take() {
  Token token = peek();
  if (next_ + 1 < tokens_.size()) ++next_;
  return token;
}

bool TokenStream::accept(std::string_view text) {
  if (at_end() || !is(text)) return false;
  take();
  return true;
}

void TokenStream::expect(std::string_view text) {
  if (!accept(text)) fail("'" + std::string(text) + "'");
}

std::string TokenStream::expect_name(std::string_view what) {
  if (peek().kind != TokenKind::kName) fail(std::string(what));
  return std::string(take().text);
}

void TokenStream::fail_at(const Token& token, const std::string& expected) const {
  const bool is_end = token.kind == TokenKind::kEnd;
  throw base::InputError({file_, "line " + std::to_string(token.line),
                          is_end ? "the end of the file"
                                 : "'" + std::string(token.text.substr(0, kMaxShownLength)) + "'",
                          expected});
}

Nesting::Nesting(int& depth, const TokenStream& tokens) : depth_(depth) {
  if (depth_ >= kMaxDepth) tokens.fail("an expression nested less deeply");
  ++depth_;
}

}  // namespace deepaxe::frontend::circuit
