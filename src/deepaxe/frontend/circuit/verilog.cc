#include "deepaxe/frontend/circuit/verilog.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/verilog_elaboration.h"
#include "deepaxe/frontend/circuit/verilog_parser.h"

namespace deepaxe::frontend::circuit {
namespace {

const VerilogModule& top_module(const VerilogFile& parsed, const std::string& file) {
  std::set<std::string> instantiated;
  for (const auto& [name, module] : parsed.modules) {
    for (const VerilogItem& item : module.items) instantiated.insert(item.name);
  }
  for (const std::string& name : parsed.order) {
    if (!instantiated.contains(name)) return parsed.modules.at(name);
  }
  throw base::InputError({file, "", "no module that is not part of another", "a multiplier"});
}

struct Ports {
  std::string first, second, output;
};

bool is_called(const std::string& name, char letter) {
  return name.size() == 1 && std::tolower(static_cast<unsigned char>(name[0])) == letter;
}

Ports ports_of(const VerilogModule& module, const std::string& file) {
  std::vector<std::string> inputs, outputs;
  for (const std::string& port : module.ports) {
    const auto net = module.nets.find(port);
    if (net == module.nets.end()) continue;  // The elaboration refuses it.
    const std::uint32_t width = net->second.width();
    if (net->second.direction == Direction::kInput && width == 8) inputs.push_back(port);
    if (net->second.direction == Direction::kOutput && width == 16) outputs.push_back(port);
  }
  if (inputs.size() != 2 || outputs.size() != 1 || module.ports.size() != 3) {
    throw base::InputError({file, "line " + std::to_string(module.line),
                            "module " + module.name + " with other ports",
                            "two inputs of 8 bits and one output of 16"});
  }
  if (is_called(inputs[0], 'b') && is_called(inputs[1], 'a')) std::swap(inputs[0], inputs[1]);
  return {inputs[0], inputs[1], outputs[0]};
}

}  // namespace

Circuit parse_verilog(std::string_view text, const Source& source) {
  const VerilogFile parsed = parse_verilog_modules(source.file, text);
  const VerilogModule& top = top_module(parsed, source.file);
  const Ports ports = ports_of(top, source.file);
  Stated stated;
  if (top.nets.find(ports.first)->second.is_signed &&
      top.nets.find(ports.second)->second.is_signed) {
    stated.surely = Signedness::kSigned;
  }
  const Signedness signedness = decide(source, stated, top.name);
  Word a, b;
  for (Net i = 0; i < 8; ++i) {
    a.push_back(i);
    b.push_back(8 + i);
  }
  GateWriter gates(source.file);
  const PortWords outputs = Elaborator(source.file, parsed.modules, gates)
                                .elaborate(top, {{ports.first, a}, {ports.second, b}});
  Circuit circuit{.format = Format::kVerilog, .table = {}, .netlist = std::nullopt, .claims = {}};
  circuit.netlist = gates.netlist(outputs.at(ports.output));
  circuit.num_expanded = gates.num_products();
  circuit.table = tabulate(*circuit.netlist, signedness);
  return circuit;
}

}  // namespace deepaxe::frontend::circuit
