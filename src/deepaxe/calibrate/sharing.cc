#include "deepaxe/calibrate/sharing.h"

#include <algorithm>
#include <numeric>

namespace deepaxe::calibrate {
namespace {

bool can_take_relu(const model::Op& op) {
  return model::is_computing(op) || std::holds_alternative<model::Arithmetic>(op) ||
         std::holds_alternative<model::Pool>(op);
}

bool keeps_quantization(const model::Op& op) {
  const auto* global = std::get_if<model::GlobalPool>(&op);
  return std::holds_alternative<model::Pool>(op) || std::holds_alternative<model::Reshape>(op) ||
         std::holds_alternative<model::Pad>(op) || std::holds_alternative<model::Slice>(op) ||
         std::holds_alternative<model::Permute>(op) ||
         std::holds_alternative<model::Concatenate>(op) ||
         (global != nullptr && global->kind == model::PoolKind::kMax);
}

bool is_plain_relu(const model::Op& op) {
  const auto* activate = std::get_if<model::Activate>(&op);
  return activate != nullptr && activate->activation.kind == model::ActivationKind::kRelu &&
         activate->activation.negative_slope == 0;
}

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

bool has_fixed_quantization(const model::Op& op) {
  const auto* activate = std::get_if<model::Activate>(&op);
  return std::holds_alternative<model::Softmax>(op) ||
         (activate != nullptr && (activate->activation.kind == model::ActivationKind::kTanh ||
                                  activate->activation.kind == model::ActivationKind::kSigmoid));
}

std::vector<int> fuse_relus(const model::FloatModel& model) {
  std::vector<int> num_readers(model.nodes.size());
  for (const model::FloatNode& node : model.nodes) {
    for (const int input : node.inputs) ++num_readers[at(input)];
  }
  ++num_readers[at(model.output)];
  std::vector<int> fused_into(model.nodes.size());
  std::iota(fused_into.begin(), fused_into.end(), 0);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const model::FloatNode& node = model.nodes[i];
    if (!is_plain_relu(node.op)) continue;
    const int source = node.inputs.at(0);
    if (can_take_relu(model.nodes[at(source)].op) && num_readers[at(source)] == 1) {
      fused_into[i] = source;
    }
  }
  return fused_into;
}

std::vector<int> share_quantization(const model::FloatModel& model,
                                    const std::vector<int>& fused_into) {
  std::vector<int> group = fused_into;
  const auto find = [&](int node) {
    while (group[at(node)] != node) node = group[at(node)];
    return node;
  };
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (!keeps_quantization(model.nodes[i].op)) continue;
    for (const int input : model.nodes[i].inputs) {
      const int a = find(input);
      const int b = find(static_cast<int>(i));
      group[at(std::max(a, b))] = std::min(a, b);
    }
  }
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = find(static_cast<int>(i));
  return group;
}

}  // namespace deepaxe::calibrate
