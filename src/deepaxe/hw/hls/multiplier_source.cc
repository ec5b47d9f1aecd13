#include "deepaxe/hw/hls/multiplier_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "deepaxe/arith/gate_text.h"
#include "deepaxe/hw/design/identifier.h"
#include "deepaxe/hw/hls/black_box.h"
#include "deepaxe/hw/hls/fixed_source.h"

namespace deepaxe::hw::hls {
namespace {

using arith::Gate;
using arith::GateKind;
using arith::Netlist;

constexpr std::string_view kParameters = "(std::int8_t a, std::int8_t b)";

// Nets 0..15 are operand bits, the others are named by their number in the netlist.
std::string net_name(std::uint32_t net) {
  if (net < 8) {
    return fmt::format("a{}", net);
  }
  return net < Netlist::kNumInputs ? fmt::format("b{}", net - 8) : fmt::format("n{}", net);
}

constexpr arith::GateSyntax kCpp = {
    .zero = "false", .one = "true", .before_inverted = "!", .after_inverted = ""};

std::string gate_expression(const Gate& gate) {
  return arith::gate_text(gate.kind, net_name(gate.a), net_name(gate.b), kCpp);
}

int num_fan_ins(GateKind kind) noexcept {
  if (kind == GateKind::kConst0 || kind == GateKind::kConst1) {
    return 0;
  }
  return kind == GateKind::kNot ? 1 : 2;
}

// Nets that some gate or output reads: an operand bit nobody reads would be an unused variable.
std::set<std::uint32_t> used_nets(const Netlist& netlist) {
  std::set<std::uint32_t> used(netlist.outputs.begin(), netlist.outputs.end());
  for (const Gate& gate : netlist.gates) {
    const int count = num_fan_ins(gate.kind);
    if (count > 0) used.insert(gate.a);
    if (count > 1) used.insert(gate.b);
  }
  return used;
}

void write_operand_bits(SourceWriter& out, const std::set<std::uint32_t>& used) {
  for (const char operand : {'a', 'b'}) {
    const std::uint32_t first = operand == 'a' ? 0 : 8;
    bool any = false;
    for (std::uint32_t i = 0; i < 8; ++i) {
      if (used.contains(first + i)) {
        out.line(fmt::format("const bool {0}{1} = bit({0}, {1});", operand, i));
        any = true;
      }
    }
    if (!any) {
      out.line(fmt::format("static_cast<void>({});  // No product depends on it.", operand));
    }
  }
}

void write_product(SourceWriter& out, const Netlist& netlist) {
  out.line("std::uint32_t product = 0;");
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    out.line(fmt::format("product |= std::uint32_t{{{}}} << {};", net_name(netlist.outputs[j]), j));
  }
  out.line("return to_int16(product);");
}

}  // namespace

void write_gate_function(SourceWriter& out, const std::string& function,
                         const arith::Netlist& netlist) {
  const Netlist reduced = arith::simplify(netlist);
  const std::set<std::uint32_t> used = used_nets(reduced);
  out.comment(fmt::format("{} gates, {} on the longest path.", reduced.gates.size(),
                          arith::depth(reduced)));
  out.open(fmt::format("inline std::int16_t {}{}", function, kParameters));
  write_operand_bits(out, used);
  for (std::size_t i = 0; i < reduced.gates.size(); ++i) {
    const auto net = static_cast<std::uint32_t>(Netlist::kNumInputs + i);
    if (used.contains(net)) {
      out.line(
          fmt::format("const bool {} = {};", net_name(net), gate_expression(reduced.gates[i])));
    }
  }
  write_product(out, reduced);
  out.close();
}

void write_table_function(SourceWriter& out, const std::string& function,
                          const arith::Multiplier& multiplier) {
  const auto products = multiplier.products();
  const std::vector<std::int32_t> values(products.begin(), products.end());
  out.line(fmt::format("static const std::int16_t {}_products[65536] = {{", function));
  out.numbers(values);
  out.line("};");
  out.open(fmt::format("inline std::int16_t {}{}", function, kParameters));
  out.line(fmt::format("return {}_products[table_index(a, b)];", function));
  out.close();
}

MultiplierSet::MultiplierSet(std::span<const arith::NamedMultiplier* const> multipliers,
                             const HlsParams& params)
    : layers_(multipliers.begin(), multipliers.end()) {
  std::set<std::string> identities, functions;
  for (const arith::NamedMultiplier* multiplier : layers_) {
    if (!identities.insert(multiplier->multiplier.identity()).second) {
      continue;
    }
    std::string function = "multiply_" + design::make_identifier(multiplier->name, "");
    while (!functions.insert(function).second) {
      function += "_";  // Two circuits whose names differ in signs only.
    }
    entries_.push_back({multiplier, function, form_of(*multiplier, params)});
  }
}

MultiplierSet::Form MultiplierSet::form_of(const arith::NamedMultiplier& multiplier,
                                           const HlsParams& params) {
  if (multiplier.multiplier.is_exact() && params.exact_as_operator) {
    return Form::kOperator;
  }
  const auto own = params.form_of.find(multiplier.name);
  const MultiplierForm form = own == params.form_of.end() ? params.form : own->second;
  if (form == MultiplierForm::kTable || !multiplier.netlist) {
    return Form::kTable;
  }
  if (!std::ranges::equal(arith::tabulate(*multiplier.netlist), multiplier.multiplier.products())) {
    throw std::invalid_argument("multiplier " + multiplier.name +
                                ": its netlist and its table differ");
  }
  return form == MultiplierForm::kRtl ? Form::kRtl : Form::kGates;
}

const MultiplierSet::Entry& MultiplierSet::entry_of(std::size_t layer) const {
  const std::string& identity = layers_.at(layer)->multiplier.identity();
  return *std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.multiplier->multiplier.identity() == identity;
  });
}

const std::string& MultiplierSet::function_of(std::size_t layer) const {
  return entry_of(layer).function;
}

std::string MultiplierSet::describe(std::size_t layer) const {
  const Entry& entry = entry_of(layer);
  const arith::NamedMultiplier& named = multiplier(layer);
  std::string text = named.name;
  if (named.family && to_string(*named.family) != text) {
    text += " = " + to_string(*named.family);
  }
  switch (entry.form) {
    case Form::kOperator:
      return text + ", as operator";
    case Form::kGates:
      return text + ", as gates";
    case Form::kRtl:
      return text + ", as Verilog black box";
    case Form::kTable:
      break;
  }
  return text + ", as table";
}

void MultiplierSet::write_entry(SourceWriter& out, const Entry& entry) {
  out.line();
  out.comment(entry.multiplier->name + (entry.form == Form::kOperator ? ": exact." : "."));
  out.comment("Identity " + entry.multiplier->multiplier.identity());
  switch (entry.form) {
    case Form::kOperator:
      out.open(fmt::format("inline std::int16_t {}{}", entry.function, kParameters));
      out.line("return static_cast<std::int16_t>(a * b);  // In [-16256, 16384].");
      out.close();
      return;
    case Form::kTable:
      write_table_function(out, entry.function, entry.multiplier->multiplier);
      return;
    case Form::kRtl:
      out.comment(fmt::format("Verilog: {0}.v; C model: {0}.cpp.", entry.function));
      out.line(fmt::format("std::int16_t {}{};", entry.function, kParameters));
      return;
    case Form::kGates:
      break;
  }
  const std::string gates = entry.function + "_gates";
  write_gate_function(out, gates, netlist_of(*entry.multiplier));
  out.line("#ifdef DEEPAXE_TABULATE");
  out.line(fmt::format("static const Tabulated<{}> {};", gates, entry.function));
  out.line("#else");
  out.open(fmt::format("inline std::int16_t {}{}", entry.function, kParameters));
  out.line(fmt::format("return {}(a, b);", gates));
  out.close();
  out.line("#endif");
}

std::vector<std::string> MultiplierSet::black_boxes() const {
  std::vector<std::string> functions;
  for (const Entry& entry : entries_) {
    if (entry.form == Form::kRtl) functions.push_back(entry.function);
  }
  return functions;
}

void MultiplierSet::write(design::SourceFiles& files) const {
  files["multipliers.h"] = header();
  for (const Entry& entry : entries_) {
    if (entry.form != Form::kRtl) continue;
    const arith::Netlist netlist = arith::simplify(netlist_of(*entry.multiplier));
    files[entry.function + ".cpp"] = black_box_model(entry.function, netlist);
    files[entry.function + ".v"] = black_box_module(entry.function, netlist);
    files[entry.function + ".json"] = black_box_description(entry.function);
  }
}

std::string MultiplierSet::header() const {
  SourceWriter out;
  out.comment(
      "The multipliers: 8x8-bit signed, the first operand an activation, the second a "
      "weight; they need not commute. Identity = SHA-256 of the 65,536 products (int32 "
      "little-endian, a = -128..127 outer, b inner).");
  out.line("#pragma once");
  out.line();
  out.line("#include <cstdint>");
  std::string text = out.text() + std::string(kMultiplierHelpers);
  SourceWriter functions;
  for (const Entry& entry : entries_) {
    write_entry(functions, entry);
  }
  return text + functions.text();
}

}  // namespace deepaxe::hw::hls
