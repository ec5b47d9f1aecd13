#include "deepaxe/frontend/circuit/verilog_expression.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

namespace deepaxe::frontend::circuit {
namespace {

using Kind = VerilogExpression::Kind;

constexpr int kMaxTreeDepth = 1000;
constexpr std::uint32_t kMaxBits = 100'000;
constexpr int kMaxIndex = 65'535;
constexpr std::uint32_t kMaxWidth = 256;  // Of a literal or a replication.

struct BinaryOperator {
  std::string_view text;
  int binding;  // The higher the tighter.
};
constexpr std::array<BinaryOperator, 20> kBinary = {
    {{"||", 0}, {"&&", 1}, {"|", 2}, {"^", 3}, {"~^", 3},  {"^~", 3}, {"&", 4},
     {"==", 5}, {"!=", 5}, {"<", 6}, {">", 6}, {"<=", 6},  {">=", 6}, {"<<", 7},
     {">>", 7}, {"+", 8},  {"-", 8}, {"*", 9}, {"===", 5}, {"!==", 5}}};

int binding_of(std::string_view text) {
  const auto found = std::ranges::find(kBinary, text, &BinaryOperator::text);
  return found == kBinary.end() ? -1 : found->binding;
}

int bits_per_digit(char base) {
  switch (base) {
    case 'b':
      return 1;
    case 'o':
      return 3;
    case 'h':
      return 4;
    default:
      return 0;
  }
}

// 8'hFF, 'b01, 4'sd3, 12; nothing for x, z and what is no number.
std::optional<Word> parse_literal(std::string_view text, bool& is_signed) {
  const std::size_t quote = text.find('\'');
  std::size_t width = 32;
  if (quote != 0) {
    const std::string_view size = text.substr(0, quote);
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), width);
    if (error != std::errc() || end != size.data() + size.size()) return std::nullopt;
    if (quote == std::string_view::npos) {
      is_signed = true;
      if (width > 0x7FFF'FFFF) return std::nullopt;
      return constant_word(width, 32);
    }
  }
  text.remove_prefix(quote + 1);
  if (text.starts_with('s') || text.starts_with('S')) {
    is_signed = true;
    text.remove_prefix(1);
  }
  if (text.size() < 2 || width == 0 || width > kMaxWidth) return std::nullopt;
  const char base = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  std::string digits;
  std::ranges::copy_if(text.substr(1), std::back_inserter(digits), [](char c) { return c != '_'; });
  const int step = bits_per_digit(base);
  if (step == 0 && base != 'd') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                            step == 0 ? 10 : 1 << step);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return constant_word(value, width);
}

}  // namespace

ExpressionPtr VerilogExpressions::finish(ExpressionPtr expression) const {
  for (const ExpressionPtr& operand : expression->operands) {
    expression->depth = std::max(expression->depth, operand->depth + 1);
  }
  if (expression->depth > kMaxTreeDepth) tokens_.fail("an expression of fewer operators");
  return expression;
}

ExpressionPtr VerilogExpressions::expression() {
  const Nesting nesting(depth_, tokens_);
  ExpressionPtr condition = binary_chain(0);
  if (!tokens_.accept("?")) return condition;
  auto ternary = std::make_unique<VerilogExpression>();
  ternary->kind = Kind::kTernary;
  ternary->operands.push_back(std::move(condition));
  ternary->operands.push_back(expression());
  tokens_.expect(":");
  ternary->operands.push_back(expression());
  return finish(std::move(ternary));
}

ExpressionPtr VerilogExpressions::binary_chain(int loosest) {
  ExpressionPtr left = unary();
  for (int binding = binding_of(tokens_.peek().text); binding >= loosest;
       binding = binding_of(tokens_.peek().text)) {
    auto binary = std::make_unique<VerilogExpression>();
    binary->kind = Kind::kBinary;
    binary->op = tokens_.take().text;
    binary->operands.push_back(std::move(left));
    binary->operands.push_back(binary_chain(binding + 1));
    left = finish(std::move(binary));
  }
  return left;
}

ExpressionPtr VerilogExpressions::unary() {
  constexpr std::array<std::string_view, 9> kUnary = {"~", "!", "-",  "+", "&",
                                                      "|", "^", "~^", "^~"};
  const Nesting nesting(depth_, tokens_);
  if (std::ranges::find(kUnary, tokens_.peek().text) == kUnary.end()) return primary();
  auto unary_expression = std::make_unique<VerilogExpression>();
  unary_expression->kind = Kind::kUnary;
  unary_expression->op = tokens_.take().text;
  unary_expression->operands.push_back(unary());
  return finish(std::move(unary_expression));
}

ExpressionPtr VerilogExpressions::primary() {
  if (tokens_.accept("(")) {
    ExpressionPtr inner = expression();
    tokens_.expect(")");
    return inner;
  }
  if (tokens_.is("{")) return braces();
  if (tokens_.peek().kind == TokenKind::kNumber) return literal();
  if (tokens_.peek().kind != TokenKind::kName) tokens_.fail("a net, a number, '(' or '{'");
  return net_bits();
}

// {a, b} or {n{a}}.
ExpressionPtr VerilogExpressions::braces() {
  tokens_.expect("{");
  auto concat = std::make_unique<VerilogExpression>();
  if (tokens_.peek().kind == TokenKind::kNumber && tokens_.peek(1).text == "{") {
    const Token place = tokens_.peek();
    const int count = number();
    if (count < 1 || static_cast<std::uint32_t>(count) > kMaxWidth) {
      tokens_.fail_at(place, "a replication of 1 to 256");
    }
    concat->kind = Kind::kReplicate;
    concat->count = static_cast<std::uint32_t>(count);
    concat->operands.push_back(braces());
  } else {
    concat->kind = Kind::kConcat;
    do concat->operands.push_back(expression());
    while (tokens_.accept(","));
  }
  tokens_.expect("}");
  return finish(std::move(concat));
}

ExpressionPtr VerilogExpressions::literal() {
  const Token token = tokens_.take();
  auto node = std::make_unique<VerilogExpression>();
  const std::optional<Word> word = parse_literal(token.text, node->is_signed);
  if (!word) tokens_.fail_at(token, "a number of known bits, at most 64");
  node->literal = *word;
  return node;
}

int VerilogExpressions::number() {
  const Token token = tokens_.take();
  bool is_signed = false;
  const auto word = parse_literal(token.text, is_signed);
  const auto value = word ? constant_value(*word) : std::nullopt;
  if (token.kind != TokenKind::kNumber || !value || *value > kMaxIndex) {
    tokens_.fail_at(token, "a number from 0 to 65535");
  }
  return static_cast<int>(*value);
}

std::uint32_t VerilogExpressions::position(const VerilogNet& net, int index,
                                           const Token& place) const {
  const auto [low, high] = std::minmax(net.msb, net.lsb);
  if (index < low || index > high) {
    tokens_.fail_at(place, "an index from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return net.first + static_cast<std::uint32_t>(std::abs(index - net.lsb));
}

ExpressionPtr VerilogExpressions::net_bits() {
  auto node = std::make_unique<VerilogExpression>();
  node->kind = Kind::kBits;
  const Token name = tokens_.take();
  if (name.text.starts_with('$')) tokens_.fail_at(name, "no system function");
  const auto found = module_.nets.find(name.text);
  const VerilogNet net =
      found != module_.nets.end() ? found->second : declare(std::string(name.text), {});
  if (!tokens_.accept("[")) {
    node->is_signed = net.is_signed;
    for (std::uint32_t i = 0; i < net.width(); ++i) node->bits.push_back(net.first + i);
    return node;
  }
  const Token place = tokens_.peek();
  const std::uint32_t first = position(net, number(), place);
  std::uint32_t last = first;
  if (tokens_.accept(":")) last = position(net, number(), place);
  tokens_.expect("]");
  if (last > first) tokens_.fail_at(place, "a range in the direction of its declaration");
  for (std::uint32_t i = last; i <= first; ++i) node->bits.push_back(i);
  return node;
}

std::vector<std::uint32_t> VerilogExpressions::target() {
  if (!tokens_.accept("{")) {
    if (tokens_.peek().kind != TokenKind::kName) tokens_.fail("a net to drive");
    return net_bits()->bits;
  }
  const Nesting nesting(depth_, tokens_);
  std::vector<std::uint32_t> bits;
  do {
    const std::vector<std::uint32_t> part = target();
    bits.insert(bits.begin(), part.begin(), part.end());
  } while (tokens_.accept(","));
  tokens_.expect("}");
  return bits;
}

bool VerilogExpressions::accept_range(VerilogNet& net) {
  if (!tokens_.accept("[")) return false;
  net.msb = number();
  tokens_.expect(":");
  net.lsb = number();
  tokens_.expect("]");
  return true;
}

VerilogNet& VerilogExpressions::declare(const std::string& name, VerilogNet net) {
  if (net.width() > kMaxBits - module_.num_bits) tokens_.fail("nets of at most 100000 bits");
  net.first = module_.num_bits;
  module_.num_bits += net.width();
  return module_.nets.insert_or_assign(name, net).first->second;
}

}  // namespace deepaxe::frontend::circuit
