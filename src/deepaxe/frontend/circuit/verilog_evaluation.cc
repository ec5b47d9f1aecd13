#include "deepaxe/frontend/circuit/verilog_evaluation.h"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>

namespace deepaxe::frontend::circuit {
namespace {

using Kind = VerilogExpression::Kind;

constexpr std::size_t kMaxWidth = 256;  // A product of constants this wide costs no gate, but time.

bool is_one_of(std::string_view op, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, op) != list.end();
}
bool is_comparison(std::string_view op) {
  return is_one_of(op, {"==", "!=", "===", "!==", "<", ">", "<=", ">="});
}
bool is_logical(std::string_view op) { return is_one_of(op, {"&&", "||"}); }
bool is_shift(std::string_view op) { return is_one_of(op, {"<<", ">>"}); }
bool keeps_width(const VerilogExpression& unary) { return is_one_of(unary.op, {"~", "-", "+"}); }

bool is_signed_expression(const VerilogExpression& expression) {
  const auto& operands = expression.operands;
  const auto operand = [&](std::size_t i) { return is_signed_expression(*operands[i]); };
  switch (expression.kind) {
    case Kind::kLiteral:
    case Kind::kBits:
      return expression.is_signed;
    case Kind::kUnary:
      return keeps_width(expression) && operand(0);
    case Kind::kBinary:
      if (is_comparison(expression.op) || is_logical(expression.op)) return false;
      return operand(0) && (is_shift(expression.op) || operand(1));
    case Kind::kTernary:
      return operand(1) && operand(2);
    case Kind::kConcat:
    case Kind::kReplicate:
      break;
  }
  return false;
}

}  // namespace

std::size_t VerilogEvaluation::width_of(const VerilogExpression& expression) const {
  const auto& operands = expression.operands;
  std::size_t width = 1;
  switch (expression.kind) {
    case Kind::kLiteral:
      width = expression.literal.size();
      break;
    case Kind::kBits:
      width = expression.bits.size();
      break;
    case Kind::kUnary:
      if (keeps_width(expression)) width = width_of(*operands[0]);
      break;
    case Kind::kBinary:
      if (is_comparison(expression.op) || is_logical(expression.op)) break;
      width = width_of(*operands[0]);
      if (!is_shift(expression.op)) width = std::max(width, width_of(*operands[1]));
      break;
    case Kind::kTernary:
      width = std::max(width_of(*operands[1]), width_of(*operands[2]));
      break;
    case Kind::kConcat:
      width = 0;
      for (const ExpressionPtr& operand : operands) width += width_of(*operand);
      break;
    case Kind::kReplicate:
      width = expression.count * width_of(*operands[0]);
      break;
  }
  if (width > kMaxWidth) {
    refuse_("an expression of " + std::to_string(width) + " bits", "at most 256");
  }
  return width;
}

Word VerilogEvaluation::value(const VerilogExpression& expression, std::size_t width) {
  const std::size_t own = width_of(expression);
  if (width > kMaxWidth) refuse_(std::to_string(width) + " bits", "at most 256");
  const bool is_signed = is_signed_expression(expression);
  return resize(evaluate(expression, std::max(width, own), is_signed), width, is_signed);
}

Word VerilogEvaluation::self_determined(const VerilogExpression& expression) {
  return evaluate(expression, width_of(expression), is_signed_expression(expression));
}

Word VerilogEvaluation::evaluate(const VerilogExpression& expression, std::size_t width,
                                 bool is_signed) {
  const auto& operands = expression.operands;
  Word word;
  switch (expression.kind) {
    case Kind::kLiteral:
      return resize(expression.literal, width, is_signed);
    case Kind::kBits:
      for (const std::uint32_t bit : expression.bits) word.push_back(values_[bit]);
      break;
    case Kind::kUnary:
      return unary(expression, width, is_signed);
    case Kind::kBinary:
      return binary(expression, width, is_signed);
    case Kind::kTernary:
      return gates_.mux(gates_.any(self_determined(*operands[0])),
                        evaluate(*operands[1], width, is_signed),
                        evaluate(*operands[2], width, is_signed));
    case Kind::kConcat:
      for (const ExpressionPtr& operand : std::views::reverse(operands)) {
        const Word part = self_determined(*operand);
        word.insert(word.end(), part.begin(), part.end());
      }
      return resize(word, width, false);
    case Kind::kReplicate: {
      const Word part = self_determined(*operands[0]);
      for (std::uint32_t i = 0; i < expression.count; ++i) {
        word.insert(word.end(), part.begin(), part.end());
      }
      return resize(word, width, false);
    }
  }
  return resize(word, width, is_signed);
}

Word VerilogEvaluation::unary(const VerilogExpression& expression, std::size_t width,
                              bool is_signed) {
  const VerilogExpression& operand = *expression.operands[0];
  if (keeps_width(expression)) {
    const Word word = evaluate(operand, width, is_signed);
    if (expression.op == "~") return gates_.word_not(word);
    return expression.op == "-" ? gates_.subtract(Word(width, kZero), word) : word;
  }
  const Word word = self_determined(operand);
  Net result = kZero;
  if (expression.op == "!") result = gates_.bit_not(gates_.any(word));
  if (expression.op == "&") result = gates_.all(word);
  if (expression.op == "|") result = gates_.any(word);
  if (expression.op == "^") result = gates_.parity(word);
  if (is_one_of(expression.op, {"~^", "^~"})) result = gates_.bit_not(gates_.parity(word));
  return resize({result}, width, false);
}

Word VerilogEvaluation::bitwise(const std::string& op, const Word& a, const Word& b) {
  Word word;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (op == "&") {
      word.push_back(gates_.bit_and(a[i], b[i]));
    } else if (op == "|") {
      word.push_back(gates_.bit_or(a[i], b[i]));
    } else {
      const Net exclusive = gates_.bit_xor(a[i], b[i]);
      word.push_back(op == "^" ? exclusive : gates_.bit_not(exclusive));
    }
  }
  return word;
}

Word VerilogEvaluation::binary(const VerilogExpression& expression, std::size_t width,
                               bool is_signed) {
  const std::string& op = expression.op;
  const auto& operands = expression.operands;
  if (is_comparison(op)) return resize({compare(expression)}, width, false);
  if (is_logical(op)) {
    const Net a = gates_.any(self_determined(*operands[0]));
    const Net b = gates_.any(self_determined(*operands[1]));
    return resize({op == "&&" ? gates_.bit_and(a, b) : gates_.bit_or(a, b)}, width, false);
  }
  if (is_shift(op)) return shift(expression, width, is_signed);
  const Word a = evaluate(*operands[0], width, is_signed);
  const Word b = evaluate(*operands[1], width, is_signed);
  if (op == "+") return gates_.add(a, b);
  if (op == "-") return gates_.subtract(a, b);
  if (op == "*") return gates_.multiply(a, b);
  return bitwise(op, a, b);
}

Net VerilogEvaluation::compare(const VerilogExpression& expression) {
  const VerilogExpression& left = *expression.operands[0];
  const VerilogExpression& right = *expression.operands[1];
  const std::size_t width = std::max(width_of(left), width_of(right));
  const bool is_signed = is_signed_expression(left) && is_signed_expression(right);
  const Word a = evaluate(left, width, is_signed), b = evaluate(right, width, is_signed);
  const std::string& op = expression.op;
  if (is_one_of(op, {"==", "==="})) return gates_.equal(a, b);
  if (is_one_of(op, {"!=", "!=="})) return gates_.bit_not(gates_.equal(a, b));
  if (op == "<") return gates_.less(a, b, is_signed);
  if (op == ">") return gates_.less(b, a, is_signed);
  const Net other = op == "<=" ? gates_.less(b, a, is_signed) : gates_.less(a, b, is_signed);
  return gates_.bit_not(other);
}

// Zeros come in from both sides.
Word VerilogEvaluation::shift(const VerilogExpression& expression, std::size_t width,
                              bool is_signed) {
  const Word word = evaluate(*expression.operands[0], width, is_signed);
  const auto count = constant_value(self_determined(*expression.operands[1]));
  if (!count) {
    refuse_("a shift by a net", "a shift by a constant");
    return {};  // Not reached.
  }
  const auto by = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(*count, width));
  const bool is_left = expression.op == "<<";
  Word result(static_cast<std::size_t>(is_left ? by : 0), kZero);
  result.insert(result.end(), word.begin() + (is_left ? 0 : by), word.end() - (is_left ? by : 0));
  return resize(result, width, false);
}

}  // namespace deepaxe::frontend::circuit
