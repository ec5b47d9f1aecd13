#include "deepaxe/frontend/circuit/c_expression.h"

#include <algorithm>
#include <array>
#include <optional>

namespace deepaxe::frontend::circuit {
namespace {

struct BinaryOperator {
  std::string_view text;
  int binding;  // The higher the tighter.
};
constexpr std::array<BinaryOperator, 16> kBinary = {{{"||", 0},
                                                     {"&&", 1},
                                                     {"|", 2},
                                                     {"^", 3},
                                                     {"&", 4},
                                                     {"==", 5},
                                                     {"!=", 5},
                                                     {"<", 6},
                                                     {">", 6},
                                                     {"<=", 6},
                                                     {">=", 6},
                                                     {"<<", 7},
                                                     {">>", 7},
                                                     {"+", 8},
                                                     {"-", 8},
                                                     {"*", 9}}};

// -1 for what is no binary operator.
int binding_of(std::string_view text) {
  const auto found = std::ranges::find(kBinary, text, &BinaryOperator::text);
  return found == kBinary.end() ? -1 : found->binding;
}

constexpr std::string_view kOperand = "a variable, a number, a cast or '('";

bool is_comparison(std::string_view op) {
  return op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=";
}

}  // namespace

CValue CExpressions::expression() {
  const Nesting nesting(depth_, tokens_);
  CValue condition = binary_chain(0);
  if (!tokens_.accept("?")) return condition;
  const CValue if_true = expression();
  tokens_.expect(":");
  const CValue if_false = expression();
  const CType type = common_type(if_true, if_false);
  return {gates_.mux(is_true(condition), convert(if_true, type).word, convert(if_false, type).word),
          type.is_signed};
}

CValue CExpressions::binary_chain(int loosest) {
  CValue left = unary();
  for (int binding = binding_of(tokens_.peek().text); binding >= loosest;
       binding = binding_of(tokens_.peek().text)) {
    const Token op = tokens_.take();
    const CValue right = binary_chain(binding + 1);
    left = binary(op, op.text, left, right);
  }
  return left;
}

CValue CExpressions::truth(Net net) const {
  Word word(32, kZero);
  word[0] = net;
  return {word, true};
}

CValue CExpressions::binary(const Token& place, std::string_view op, const CValue& a,
                            const CValue& b) {
  if (op == "<<" || op == ">>") return shift(place, op == "<<", a, b);
  if (op == "||") return truth(gates_.bit_or(is_true(a), is_true(b)));
  if (op == "&&") return truth(gates_.bit_and(is_true(a), is_true(b)));
  if (is_comparison(op)) return compare(op, a, b);
  const CType type = common_type(a, b);
  const Word left = convert(a, type).word, right = convert(b, type).word;
  if (op == "+") return {gates_.add(left, right), type.is_signed};
  if (op == "-") return {gates_.subtract(left, right), type.is_signed};
  if (op == "*") return {gates_.multiply(left, right), type.is_signed};
  Word word;
  for (std::size_t i = 0; i < type.bits; ++i) {
    word.push_back(op == "&"   ? gates_.bit_and(left[i], right[i])
                   : op == "|" ? gates_.bit_or(left[i], right[i])
                               : gates_.bit_xor(left[i], right[i]));
  }
  return {word, type.is_signed};
}

CValue CExpressions::shift(const Token& place, bool left, const CValue& a, const CValue& b) {
  const CValue value = convert(a, promoted(a));
  const std::size_t width = value.word.size();
  const auto count = constant_value(b.word);
  if (!count || *count >= width) {
    tokens_.fail_at(place, "a shift by a constant from 0 to " + std::to_string(width - 1));
  }
  const auto by = static_cast<std::ptrdiff_t>(*count);
  Word word(static_cast<std::size_t>(left ? by : 0), kZero);
  word.insert(word.end(), value.word.begin() + (left ? 0 : by), value.word.end() - (left ? by : 0));
  return {resize(word, width, value.is_signed), value.is_signed};
}

CValue CExpressions::compare(std::string_view op, const CValue& a, const CValue& b) {
  const CType type = common_type(a, b);
  const Word left = convert(a, type).word, right = convert(b, type).word;
  if (op == "==") return truth(gates_.equal(left, right));
  if (op == "!=") return truth(gates_.bit_not(gates_.equal(left, right)));
  if (op == "<") return truth(gates_.less(left, right, type.is_signed));
  if (op == ">") return truth(gates_.less(right, left, type.is_signed));
  if (op == "<=") return truth(gates_.bit_not(gates_.less(right, left, type.is_signed)));
  return truth(gates_.bit_not(gates_.less(left, right, type.is_signed)));
}

CValue CExpressions::unary() {
  const Nesting nesting(depth_, tokens_);
  if (tokens_.accept("!")) return truth(gates_.bit_not(is_true(unary())));
  if (tokens_.accept("+")) {
    const CValue value = unary();
    return convert(value, promoted(value));
  }
  const bool is_minus = tokens_.accept("-");
  if (!is_minus && !tokens_.accept("~")) return primary();
  const CValue operand = unary();
  const CValue value = convert(operand, promoted(operand));
  const Word zero(value.word.size(), kZero);
  return {is_minus ? gates_.subtract(zero, value.word) : gates_.word_not(value.word),
          value.is_signed};
}

CValue CExpressions::primary() {
  if (tokens_.accept("(")) {
    if (begins_type(tokens_.peek())) {
      const CType type = take_type(tokens_);
      tokens_.expect(")");
      const CValue value = unary();
      if (type.bits == 1) return {{is_true(value)}, false};  // bool
      return convert(value, type);
    }
    CValue value = expression();
    tokens_.expect(")");
    return value;
  }
  if (tokens_.peek().kind == TokenKind::kNumber) {
    const Token token = tokens_.take();
    const std::optional<CValue> number = parse_c_number(token.text);
    if (!number) tokens_.fail_at(token, "an integer");
    return *number;
  }
  return variable();
}

CValue CExpressions::variable() {
  if (tokens_.peek().kind != TokenKind::kName) tokens_.fail(std::string(kOperand));
  const auto found = scope_.find(tokens_.peek().text);
  if (tokens_.peek(1).text == "(") tokens_.fail("no call: " + std::string(kOperand));
  if (found == scope_.end()) tokens_.fail("a variable that is declared");
  if (found->second.word.empty()) tokens_.fail("a variable that is written before it is read");
  tokens_.take();
  return {found->second.word, found->second.type.is_signed};
}

}  // namespace deepaxe::frontend::circuit
