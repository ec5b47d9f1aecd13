#include "deepaxe/frontend/circuit/cgp.h"

#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/gate_writer.h"

namespace deepaxe::frontend::circuit {
namespace {

constexpr std::uint32_t kNumInputs = 16;
constexpr std::uint32_t kNumOutputs = 16;
constexpr std::uint32_t kNumParameters =
    7;  // Inputs, outputs, columns, rows, fan-in, fan-out, levels.

class Parser {
 public:
  Parser(std::string_view text, const Source& source)
      : text_(text), file_(source.file), gates_(source.file) {}

  arith::Netlist parse() {
    parameters();
    while (is_node()) node();
    if (nets_.empty()) fail("a node '([' first");
    const Word outputs = take_outputs();
    skip_blanks();
    if (at_ != text_.size()) fail("nothing after the outputs");
    return gates_.netlist(outputs);
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    const bool is_end = at_ >= text_.size();
    const int byte = is_end ? 0 : static_cast<unsigned char>(text_[at_]);
    throw base::InputError({file_, "character " + std::to_string(at_ + 1),
                            is_end                    ? "the end of the file"
                            : std::isprint(byte) != 0 ? "'" + std::string(1, text_[at_]) + "'"
                                                      : "byte " + std::to_string(byte),
                            expected});
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool accept(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail("'" + std::string(1, c) + "'");
  }

  std::uint32_t number(const std::string& what) {
    skip_blanks();
    std::uint32_t value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc()) fail(what);
    at_ += static_cast<std::size_t>(end - begin);
    return value;
  }

  void parameters() {
    expect('{');
    for (std::uint32_t i = 0; i < kNumParameters; ++i) {
      if (i > 0) expect(',');
      skip_blanks();
      const std::size_t place = at_;
      const std::uint32_t value = number("a number");
      constexpr std::uint32_t kExpected[kNumParameters] = {kNumInputs, kNumOutputs, 0, 0, 2, 1, 0};
      if (kExpected[i] != 0 && value != kExpected[i]) {
        at_ = place;
        fail("{16,16,columns,rows,2,1,levels}");
      }
    }
    expect('}');
  }

  // "([" begins a node, "(" and a number the outputs.
  bool is_node() {
    expect('(');
    return accept('[');
  }

  void node() {
    skip_blanks();
    const std::size_t place = at_;
    const std::uint32_t id = number("the number of a node");
    if (nets_.empty()) begin_numbering(id, place);
    if (id != nets_.size()) {
      at_ = place;
      fail("node " + std::to_string(nets_.size()));
    }
    expect(']');
    const Net a = net();
    expect(',');
    const Net b = net();
    expect(',');
    nets_.push_back(apply(number("a function"), a, b));
    expect(')');
  }

  void begin_numbering(std::uint32_t first_id, std::size_t place) {
    if (first_id == kNumInputs + 2) {
      nets_ = {kZero, kOne};
    } else if (first_id != kNumInputs) {
      at_ = place;
      fail("16 or 18, the number of the first node");
    }
    for (Net i = 0; i < kNumInputs; ++i) nets_.push_back(i);
  }

  Net net() {
    skip_blanks();
    const std::size_t place = at_;
    const std::uint32_t id = number("the number of an input or node");
    if (id < nets_.size()) return nets_[id];
    at_ = place;
    fail("an input or an earlier node, below " + std::to_string(nets_.size()));
  }

  Net apply(std::uint32_t function, Net a, Net b) {
    switch (function) {
      case 0:
        return a;
      case 1:
        return gates_.bit_not(a);
      case 2:
        return gates_.bit_and(a, b);
      case 3:
        return gates_.bit_or(a, b);
      case 4:
        return gates_.bit_xor(a, b);
      case 5:
        return gates_.bit_not(gates_.bit_and(a, b));
      case 6:
        return gates_.bit_not(gates_.bit_or(a, b));
      case 7:
        return gates_.bit_not(gates_.bit_xor(a, b));
      default:
        fail("a function from 0 to 7");
    }
  }

  Word take_outputs() {
    Word outputs;
    for (std::uint32_t i = 0; i < kNumOutputs; ++i) {
      if (i > 0) expect(',');
      outputs.push_back(net());
    }
    expect(')');
    return outputs;
  }

  std::string_view text_;
  const std::string& file_;
  GateWriter gates_;
  std::vector<Net> nets_;  // By number in the chromosome.
  std::size_t at_ = 0;
};

}  // namespace

Circuit parse_cgp(std::string_view text, const Source& source) {
  const Signedness signedness = decide(source, {}, "");
  Circuit circuit{.format = Format::kCgp, .table = {}, .netlist = std::nullopt, .claims = {}};
  circuit.netlist = Parser(text, source).parse();
  circuit.table = tabulate(*circuit.netlist, signedness);
  return circuit;
}

}  // namespace deepaxe::frontend::circuit
