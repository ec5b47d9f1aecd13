#include "deepaxe/frontend/circuit/verilog_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "deepaxe/frontend/circuit/tokens.h"
#include "deepaxe/frontend/circuit/verilog_expression.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr std::array<std::string_view, 8> kPrimitives = {"and", "or",   "xor", "nand",
                                                         "nor", "xnor", "not", "buf"};

class ModuleParser {
 public:
  explicit ModuleParser(TokenStream& tokens) : tokens_(tokens), expressions_(tokens, module_) {}

  VerilogModule parse() {
    module_.line = tokens_.peek().line;
    tokens_.expect("module");
    module_.name = tokens_.expect_name("the name of a module");
    if (tokens_.accept("(") && !tokens_.accept(")")) {
      do port();
      while (tokens_.accept(","));
      tokens_.expect(")");
    }
    tokens_.expect(";");
    while (!tokens_.accept("endmodule")) item();
    return std::move(module_);
  }

 private:
  // `A`, or `input [7:0] A`, whose direction and range also hold for the next ports.
  void port() {
    if (tokens_.is("input") || tokens_.is("output")) style_ = net_style();
    const std::string name = tokens_.expect_name("the name of a port");
    module_.ports.push_back(name);
    if (style_.direction != Direction::kNone) expressions_.declare(name, style_);
  }

  // input wire signed [7:0]
  VerilogNet net_style() {
    VerilogNet net;
    const std::string_view word = tokens_.take().text;
    if (word == "input") net.direction = Direction::kInput;
    if (word == "output") net.direction = Direction::kOutput;
    tokens_.accept("wire");
    net.is_signed = tokens_.accept("signed");
    expressions_.accept_range(net);
    return net;
  }

  void item() {
    const Token& token = tokens_.peek();
    if (token.kind != TokenKind::kName) tokens_.fail("a declaration, assign, a gate or endmodule");
    if (tokens_.is("input") || tokens_.is("output") || tokens_.is("wire")) return declaration();
    if (tokens_.accept("assign")) return assignments();
    if (std::ranges::find(kPrimitives, token.text) != kPrimitives.end()) return primitives();
    if (!is_instance()) tokens_.fail("a declaration, assign, a gate or endmodule");
    instance();
  }

  // MODULE NAME ( ...
  bool is_instance() const {
    return tokens_.peek(1).kind == TokenKind::kName && !tokens_.peek(1).text.starts_with('$') &&
           tokens_.peek(2).text == "(";
  }

  void declaration() {
    const VerilogNet style = net_style();
    do {
      const std::string name = tokens_.expect_name("the name of a net");
      const auto known = module_.nets.find(name);
      if (known == module_.nets.end()) {
        expressions_.declare(name, style);
      } else if (style.direction != Direction::kNone || known->second.width() != style.width()) {
        tokens_.fail("a net that is declared once, before it is used");
      }  // `output [15:0] O; wire [15:0] O;` says nothing new.
      if (tokens_.accept("=")) {
        add_assignment(bits_of(name));
      }
    } while (tokens_.accept(","));
    tokens_.expect(";");
  }

  std::vector<std::uint32_t> bits_of(const std::string& name) const {
    const VerilogNet& net = module_.nets.find(name)->second;
    std::vector<std::uint32_t> bits;
    for (std::uint32_t i = 0; i < net.width(); ++i) bits.push_back(net.first + i);
    return bits;
  }

  void assignments() {
    do {
      std::vector<std::uint32_t> target = expressions_.target();
      tokens_.expect("=");
      add_assignment(std::move(target));
    } while (tokens_.accept(","));
    tokens_.expect(";");
  }

  void add_assignment(std::vector<std::uint32_t> target) {
    VerilogItem item;
    item.line = tokens_.peek().line;
    item.targets = std::move(target);
    item.sources.push_back(expressions_.expression());
    module_.items.push_back(std::move(item));
  }

  // and g1(y, a, b), g2(z, c, d);  The names may be missing.
  void primitives() {
    const std::string kind(tokens_.take().text);
    do {
      VerilogItem item;
      item.kind = VerilogItem::Kind::kPrimitive;
      item.name = kind;
      item.line = tokens_.peek().line;
      if (tokens_.peek().kind == TokenKind::kName) tokens_.take();
      tokens_.expect("(");
      const Token place = tokens_.peek();
      item.targets = expressions_.target();
      while (tokens_.accept(",")) item.sources.push_back(expressions_.expression());
      tokens_.expect(")");
      const bool is_unary = kind == "not" || kind == "buf";
      if (item.targets.size() != 1 || item.sources.empty() ||
          (is_unary && item.sources.size() != 1)) {
        tokens_.fail_at(place, is_unary ? "one output and one input" : "one output and inputs");
      }
      module_.items.push_back(std::move(item));
    } while (tokens_.accept(","));
    tokens_.expect(";");
  }

  void instance() {
    const std::string name(tokens_.take().text);
    do {
      VerilogItem item;
      item.kind = VerilogItem::Kind::kInstance;
      item.name = name;
      item.line = tokens_.peek().line;
      tokens_.expect_name("the name of an instance");
      tokens_.expect("(");
      if (!tokens_.accept(")")) {
        do item.connections.push_back(connection());
        while (tokens_.accept(","));
        tokens_.expect(")");
      }
      module_.items.push_back(std::move(item));
    } while (tokens_.accept(","));
    tokens_.expect(";");
  }

  VerilogItem::Connection connection() {
    VerilogItem::Connection connection;
    if (!tokens_.accept(".")) {
      connection.expression = expressions_.expression();
      return connection;
    }
    connection.port = tokens_.expect_name("the name of a port");
    tokens_.expect("(");
    if (!tokens_.is(")")) connection.expression = expressions_.expression();
    tokens_.expect(")");
    return connection;
  }

  TokenStream& tokens_;
  VerilogModule module_;
  VerilogExpressions expressions_;
  VerilogNet style_;  // Of the port before, in the port list.
};

}  // namespace

VerilogFile parse_verilog_modules(const std::string& file, std::string_view text) {
  TokenStream tokens(file, text, Language::kVerilog);
  VerilogFile result;
  while (!tokens.at_end()) {
    if (tokens.peek().kind == TokenKind::kDirective) {
      const std::string_view line = tokens.peek().text;
      if (!line.starts_with("`timescale") && !line.starts_with("`default_nettype")) {
        tokens.fail("`timescale, and no other directive");
      }
      tokens.take();
      continue;
    }
    const Token place = tokens.peek();
    VerilogModule module = ModuleParser(tokens).parse();
    const std::string name = module.name;
    if (!result.modules.try_emplace(name, std::move(module)).second) {
      tokens.fail_at(place, "module " + name + " once");
    }
    result.order.push_back(name);
  }
  return result;
}

}  // namespace deepaxe::frontend::circuit
