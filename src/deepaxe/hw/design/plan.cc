#include "deepaxe/hw/design/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/design/identifier.h"

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;
using model::Int8Node;

template <typename Op>
bool is(const Int8Node& node) {
  return std::holds_alternative<Op>(node.op);
}

// Every op the elementwise and computing sources can write.
bool has_hardware(const Int8Node& node) {
  const bool is_sum_of_many = is<model::Arithmetic>(node) && node.inputs.size() > 2;
  return !is<model::Softmax>(node) && !is<model::Affine>(node) && !is_sum_of_many;
}

// Ops that hand codes on as they are, so that input and output must mean the same by them.
bool keeps_codes(const Int8Node& node) {
  const auto* global = std::get_if<model::GlobalPool>(&node.op);
  return is<model::Pool>(node) || is<model::Reshape>(node) || is<model::Permute>(node) ||
         is<model::Pad>(node) || is<model::Slice>(node) ||
         (global != nullptr && global->kind == model::PoolKind::kMax);
}

void check_same_quantization(const Int8Model& model, const Int8Node& node) {
  const auto& in = model.nodes[static_cast<std::size_t>(node.inputs.front())].quant;
  if (keeps_codes(node) && in != node.quant) {
    throw base::InputError(
        {model.name, node.name,
         fmt::format("scale {} and zero point {}", node.quant.scale, node.quant.zero_point),
         fmt::format("those of its input, {} and {}", in.scale, in.zero_point)});
  }
}

void check_has_hardware(const Int8Model& model, const Int8Node& node) {
  if (!has_hardware(node)) {
    throw base::InputError({model.name, node.name, std::string(op_name(node.op)),
                            "a layer that hardware is generated for"});
  }
}

// Position among the computing layers, or -1.
int computing_index(const Int8Model& model, int node) {
  const std::vector<int> computing = model::computing_nodes(model);
  const auto position = std::ranges::find(computing, node);
  return position == computing.end() ? -1 : static_cast<int>(position - computing.begin());
}

bool is_flatten(const Int8Model& model, const Int8Node& node) {
  constexpr std::size_t kImageAxes = 3;
  return is<model::Reshape>(node) && node.shape.size() == 1 &&
         model.nodes[static_cast<std::size_t>(node.inputs.front())].shape.size() == kImageAxes;
}

// Whether the node only renames the memory of its input.
bool renames(const Int8Model& model, int index, Flatten flatten) {
  const Int8Node& node = model.nodes[static_cast<std::size_t>(index)];
  return is<model::Reshape>(node) && !(flatten == Flatten::kCopies && is_flatten(model, node));
}

// The node whose memory node `index` names.
int memory_of(const Int8Model& model, int index, Flatten flatten) {
  while (renames(model, index, flatten)) {
    index = model.nodes[static_cast<std::size_t>(index)].inputs.front();
  }
  return index;
}

// Marks the nodes that lead to `last`; nodes are in topological order.
std::vector<bool> needed_nodes(const Int8Model& model, int last) {
  std::vector<bool> needed(model.nodes.size());
  needed[static_cast<std::size_t>(last)] = true;
  for (std::size_t i = model.nodes.size(); i-- > 0;) {
    if (needed[i]) {
      for (const int input : model.nodes[i].inputs) {
        needed[static_cast<std::size_t>(input)] = true;
      }
    }
  }
  return needed;
}

}  // namespace

std::string unique_layer_name(const std::string& preferred, std::vector<std::string>& taken,
                              const IsReserved& is_reserved) {
  const std::string base = is_reserved(preferred) ? preferred + "_layer" : preferred;
  std::string name = base;
  for (int i = 2; std::ranges::find(taken, name) != taken.end(); ++i) {
    name = fmt::format("{}_{}", base, i);
  }
  taken.push_back(name);
  return name;
}

DesignPlan make_plan(const Int8Model& model, const IsReserved& is_reserved, Flatten flatten) {
  DesignPlan plan{.layers = {}, .logits_node = model::logits_node(model)};
  const int last = memory_of(model, plan.logits_node, flatten);
  const std::vector<bool> needed = needed_nodes(model, plan.logits_node);
  std::vector<std::string> arrays(model.nodes.size(), "image"), taken;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const Int8Node& node = model.nodes[i];
    if (!needed[i] || is<model::Input>(node)) {
      continue;
    }
    check_same_quantization(model, node);
    if (renames(model, static_cast<int>(i), flatten)) {
      continue;
    }
    check_has_hardware(model, node);
    LayerPlan layer;
    layer.node = static_cast<int>(i);
    layer.name = unique_layer_name(make_identifier(node.name, "layer_"), taken, is_reserved);
    for (const int input : node.inputs) {
      const int memory = memory_of(model, input, flatten);
      layer.sources.push_back(arrays[static_cast<std::size_t>(memory)]);
      layer.source_nodes.push_back(memory);
    }
    layer.target = layer.node == last ? "logits" : layer.name + "_codes";
    layer.computing_index = computing_index(model, layer.node);
    arrays[i] = layer.target;
    plan.layers.push_back(std::move(layer));
  }
  if (plan.layers.empty()) {
    throw base::InputError({model.name, "", "no layer", "a network with layers"});
  }
  return plan;
}

}  // namespace deepaxe::hw::design
