#include "deepaxe/frontend/circuit/c_source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "deepaxe/base/text.h"
#include "deepaxe/frontend/circuit/c_expression.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr std::array<std::string_view, 6> kHeaders = {"stdint.h", "stdlib.h",   "stdbool.h",
                                                      "math.h",   "inttypes.h", "cstdint"};
constexpr std::size_t kProductBits = 32;

struct Parameter {
  CType type;
  std::string name;
};

// `#include <stdint.h>` or "stdint.h".
bool is_allowed_directive(std::string_view line) {
  line.remove_prefix(1);
  line = base::trim(line);
  if (!line.starts_with("include")) return false;
  line.remove_prefix(7);
  return std::ranges::any_of(kHeaders, [&](std::string_view header) {
    const std::size_t at = line.find(header);
    return at != std::string_view::npos && line.find_first_not_of(" \t\r<>\"") == at &&
           line.find_first_not_of(" \t\r<>\"", at + header.size()) == std::string_view::npos;
  });
}

class Parser {
 public:
  Parser(std::string_view text, const Source& source)
      : source_(source),
        tokens_(source.file, text, Language::kC),
        gates_(source.file),
        expressions_(tokens_, gates_, scope_) {}

  Circuit parse() {
    while (tokens_.peek().kind == TokenKind::kDirective) {
      if (!is_allowed_directive(tokens_.peek().text)) {
        tokens_.fail("#include <stdint.h>, and no other directive");
      }
      tokens_.take();
    }
    const CType type = take_type(tokens_);
    const std::string name = tokens_.expect_name("the name of a function or table");
    Circuit circuit = tokens_.is("[") ? table(type, name) : function(type, name);
    if (!tokens_.at_end()) tokens_.fail("nothing after one function or table");
    return circuit;
  }

 private:
  // const int16_t lut[256][256] = {{0, ...}, ...};
  Circuit table(const CType& type, const std::string& name) {
    for (int dimension = 0; dimension < 2; ++dimension) {
      tokens_.expect("[");
      tokens_.expect("256");
      tokens_.expect("]");
    }
    tokens_.expect("=");
    Circuit circuit{.format = Format::kC, .table = {}, .netlist = std::nullopt, .claims = {}};
    const auto stated = type.is_signed ? Signedness::kSigned : Signedness::kUnsigned;
    circuit.table.signedness = decide(source_, {.surely = std::nullopt, .probably = stated}, name);
    tokens_.expect("{");
    for (int row = 0; row < 256; ++row) {
      if (row > 0) tokens_.expect(",");
      table_row(circuit.table.products);
    }
    tokens_.accept(",");
    tokens_.expect("}");
    tokens_.expect(";");
    return circuit;
  }

  void table_row(std::vector<std::int32_t>& products) {
    tokens_.expect("{");
    for (int column = 0; column < 256; ++column) {
      if (column > 0) tokens_.expect(",");
      const bool is_negative = tokens_.accept("-");
      const Token token = tokens_.take();
      const auto number = parse_c_number(token.text);
      const auto value = number ? constant_value(number->word) : std::nullopt;
      if (!value || *value > 0x7FFF'FFFF) tokens_.fail_at(token, "a product of 32 bits");
      const auto magnitude = static_cast<std::int32_t>(*value);
      products.push_back(is_negative ? -magnitude : magnitude);
    }
    tokens_.accept(",");
    tokens_.expect("}");
  }

  Circuit function(const CType& type, const std::string& name) {
    tokens_.expect("(");
    const Parameter first = parameter();
    tokens_.expect(",");
    const Parameter second = parameter();
    tokens_.expect(")");
    const Signedness signedness = decide(source_, stated_by(first.type, second.type), name);
    declare_parameters(first, second, signedness);
    tokens_.expect("{");
    while (!tokens_.is("return")) statement();
    tokens_.take();
    const CValue result = convert(expressions_.expression(), type);
    tokens_.expect(";");
    tokens_.expect("}");
    return finish(result, signedness);
  }

  Parameter parameter() {
    Parameter parameter;
    parameter.type = take_type(tokens_);
    if (parameter.type.bits < 8) tokens_.fail("a parameter of at least 8 bits");
    parameter.name = tokens_.expect_name("the name of a parameter");
    return parameter;
  }

  // int8_t can be nothing but signed; uint8_t carries the patterns of both; int and uint64_t too.
  static Stated stated_by(const CType& first, const CType& second) {
    const bool are_bytes = first.bits == 8 && second.bits == 8;
    if (first.is_signed && second.is_signed && are_bytes)
      return {Signedness::kSigned, std::nullopt};
    if (!first.is_signed && !second.is_signed && are_bytes) {
      return {std::nullopt, Signedness::kUnsigned};
    }
    return {};
  }

  void declare_parameters(const Parameter& first, const Parameter& second, Signedness signedness) {
    const auto is_called = [](const Parameter& parameter, char letter) {
      return parameter.name.size() == 1 &&
             std::tolower(static_cast<unsigned char>(parameter.name[0])) == letter;
    };
    const bool is_swapped = is_called(first, 'b') && is_called(second, 'a');
    declare_operand(first, is_swapped ? 8 : 0, signedness);
    if (scope_.contains(second.name)) tokens_.fail("two parameters of different names");
    declare_operand(second, is_swapped ? 0 : 8, signedness);
  }

  // An unsigned parameter gets the pattern of a signed operand, a signed one its value.
  void declare_operand(const Parameter& parameter, Net first_bit, Signedness signedness) {
    Word bits;
    for (Net i = 0; i < 8; ++i) bits.push_back(first_bit + i);
    const bool extends_sign = signedness == Signedness::kSigned && parameter.type.is_signed;
    scope_[parameter.name] = {parameter.type, resize(bits, parameter.type.bits, extends_sign)};
  }

  void statement() {
    if (tokens_.accept(";")) return;
    if (begins_type(tokens_.peek())) return declaration();
    if (tokens_.peek().kind != TokenKind::kName || !scope_.contains(tokens_.peek().text)) {
      tokens_.fail("a declaration, an assignment to a declared variable or return");
    }
    assignment();
    tokens_.expect(";");
  }

  void declaration() {
    const CType type = take_type(tokens_);
    do {
      const Token place = tokens_.peek();
      const std::string name = tokens_.expect_name("the name of a variable");
      if (scope_.contains(name)) tokens_.fail_at(place, "a name that is not declared yet");
      Word word;
      if (tokens_.accept("=")) word = converted(expressions_.expression(), type);
      scope_[name] = {type, word};
    } while (tokens_.accept(","));
    tokens_.expect(";");
  }

  void assignment() {
    CVariable& variable = scope_.find(tokens_.take().text)->second;
    const Token op = tokens_.take();
    if (op.text == "=") {
      variable.word = converted(expressions_.expression(), variable.type);
      return;
    }
    constexpr std::array<std::string_view, 8> kCompound = {
        "|=", "&=", "^=", "+=", "-=", "*=", "<<=", ">>="};
    if (std::ranges::find(kCompound, op.text) == kCompound.end()) tokens_.fail_at(op, "'='");
    if (variable.word.empty()) tokens_.fail_at(op, "a variable that is written before it is read");
    const CValue right = expressions_.expression();
    const std::string_view binary = op.text.substr(0, op.text.size() - 1);
    const CValue left{variable.word, variable.type.is_signed};
    variable.word = converted(expressions_.binary(op, binary, left, right), variable.type);
  }

  Word converted(const CValue& value, const CType& type) {
    if (type.bits == 1) return {gates_.any(value.word)};  // bool
    return convert(value, type).word;
  }

  Circuit finish(const CValue& result, Signedness signedness) {
    const bool is_pattern = signedness == Signedness::kSigned && !result.is_signed;
    Word product = is_pattern ? resize(result.word, 16, false) : result.word;
    product = resize(product, kProductBits, is_pattern || result.is_signed);
    Circuit circuit{.format = Format::kC, .table = {}, .netlist = std::nullopt, .claims = {}};
    circuit.netlist = gates_.netlist(std::span(product).first(16));
    circuit.num_expanded = gates_.num_products();
    circuit.table = tabulate(*circuit.netlist, Signedness::kUnsigned);
    circuit.table.signedness = signedness;
    const auto upper = arith::tabulate(gates_.netlist(std::span(product).last(16)));
    for (std::size_t i = 0; i < upper.size(); ++i) {
      circuit.table.products[i] += std::int32_t{upper[i]} * 65536;
    }
    return circuit;
  }

  const Source& source_;
  TokenStream tokens_;
  GateWriter gates_;
  CScope scope_;
  CExpressions expressions_;
};

}  // namespace

Circuit parse_c(std::string_view text, const Source& source) {
  return Parser(text, source).parse();
}

}  // namespace deepaxe::frontend::circuit
