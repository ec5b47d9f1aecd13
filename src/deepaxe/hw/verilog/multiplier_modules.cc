#include "deepaxe/hw/verilog/multiplier_modules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "deepaxe/arith/netlist_verilog.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/hw/design/identifier.h"
#include "deepaxe/hw/verilog/module_text.h"

namespace deepaxe::hw::verilog {
namespace {

using arith::NamedMultiplier;

// NAME: the module; CIRCUIT: what computes one product.
constexpr std::string_view kLanes = R"(module NAME #(
    parameter LANES = 1
) (
    input  wire [7:0]          activation,
    input  wire [8*LANES-1:0]  weights,
    output wire [16*LANES-1:0] products
);
    genvar lane;
`ifdef DEEPAXE_TABLES
    // For fast simulation: all products, activation first, by bit patterns.
    reg [15:0] table_of_products [0:65535];
    initial $readmemh("NAME.hex", table_of_products);
    generate
        for (lane = 0; lane < LANES; lane = lane + 1) begin : lanes
            assign products[16*lane +: 16] =
                table_of_products[{activation, weights[8*lane +: 8]}];
        end
    endgenerate
`else
    generate
        for (lane = 0; lane < LANES; lane = lane + 1) begin : lanes
CIRCUIT        end
    endgenerate
`endif
endmodule
)";

constexpr std::string_view kGates =
    "            NAME_gates circuit (\n"
    "                .a(activation), .b(weights[8*lane +: 8]), .y(products[16*lane +: 16])\n"
    "            );\n";

// DSP: "no" or "yes".
constexpr std::string_view kOperator =
    "            wire signed [7:0] a = activation, b = weights[8*lane +: 8];\n"
    "            (* use_dsp = \"DSP\" *) wire signed [15:0] product = a * b;\n"
    "            assign products[16*lane +: 16] = product;\n";

ExactForm form_of(const NamedMultiplier& multiplier, ExactForm exact_form) {
  if (multiplier.multiplier.is_exact() && exact_form != ExactForm::kGates) return exact_form;
  if (!multiplier.netlist) {
    throw base::InputError({multiplier.name, "", "a multiplier without a netlist",
                            "one that was imported as a circuit"});
  }
  if (!std::ranges::equal(arith::tabulate(*multiplier.netlist), multiplier.multiplier.products())) {
    throw std::invalid_argument("multiplier " + multiplier.name +
                                ": its netlist and its table differ");
  }
  return ExactForm::kGates;
}

std::string table_text(const arith::Multiplier& multiplier) {
  std::string text;
  for (const std::int16_t product : multiplier.products()) text += hex_text(product, 16) + '\n';
  return text;
}

}  // namespace

MultiplierModules::MultiplierModules(std::span<const NamedMultiplier* const> multipliers,
                                     ExactForm exact_form)
    : layers_(multipliers.begin(), multipliers.end()) {
  std::set<std::string> identities, modules;
  for (const NamedMultiplier* multiplier : layers_) {
    if (!identities.insert(multiplier->multiplier.identity()).second) continue;
    std::string module = "multiply_" + design::make_identifier(multiplier->name, "");
    while (!modules.insert(module).second) module += "_";  // Names that differ in signs only.
    entries_.push_back({multiplier, module, form_of(*multiplier, exact_form)});
  }
}

const MultiplierModules::Entry& MultiplierModules::entry_of(std::size_t layer) const {
  const std::string& identity = layers_.at(layer)->multiplier.identity();
  return *std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.multiplier->multiplier.identity() == identity;
  });
}

const std::string& MultiplierModules::module_of(std::size_t layer) const {
  return entry_of(layer).module;
}

std::string MultiplierModules::describe(std::size_t layer) const {
  const NamedMultiplier& named = *layers_.at(layer);
  std::string text = named.name;
  if (named.family && to_string(*named.family) != text) text += " = " + to_string(*named.family);
  switch (entry_of(layer).form) {
    case ExactForm::kGates:
      return text + ", as gates";
    case ExactForm::kNative:
      return text + ", as operator in LUTs";
    case ExactForm::kDsp:
      break;
  }
  return text + ", as operator in DSP slices";
}

bool MultiplierModules::has_native() const {
  return std::ranges::any_of(entries_,
                             [](const Entry& entry) { return entry.form == ExactForm::kNative; });
}

void MultiplierModules::write(design::SourceFiles& files) const {
  for (const Entry& entry : entries_) {
    const NamedMultiplier& named = *entry.multiplier;
    std::string text = comment_text(
        fmt::format("{}: 8x8-bit signed multipliers that share one activation.", named.name));
    text += comment_text("Identity (SHA-256 of the products): " + named.multiplier.identity());
    const std::string circuit =
        entry.form == ExactForm::kGates
            ? std::string(kGates)
            : base::replaced(kOperator, "DSP", entry.form == ExactForm::kDsp ? "yes" : "no");
    text += base::replaced(base::replaced(kLanes, "CIRCUIT", circuit), "NAME", entry.module);
    if (entry.form == ExactForm::kGates) {
      const arith::Netlist netlist = arith::simplify(netlist_of(named));
      text += '\n' + comment_text(fmt::format("{} gates, {} on the longest path.",
                                              netlist.gates.size(), arith::depth(netlist)));
      text += arith::to_verilog(netlist, entry.module + "_gates");
    }
    files[entry.module + ".v"] = text;
    files[entry.module + ".hex"] = table_text(named.multiplier);
  }
}

}  // namespace deepaxe::hw::verilog
