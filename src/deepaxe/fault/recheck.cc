#include "deepaxe/fault/recheck.h"

#include <utility>

namespace deepaxe::fault {

ReferenceSimulator::ReferenceSimulator(const model::Int8Model& model, LayerMultipliers multipliers)
    : engine_(model, engine::KernelKind::kReference), multipliers_(model.nodes.size()) {
  const std::vector<int> layers = model::computing_nodes(model);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    multipliers_[static_cast<std::size_t>(layers[l])] = std::move(multipliers[l]);
  }
}

void ReferenceSimulator::run_after(int first,
                                   std::vector<std::vector<std::int8_t>>& tensors) const {
  for (int node = first + 1; node <= engine_.logits_node(); ++node) {
    std::vector<const std::int8_t*> inputs;
    for (const int input : engine_.model().nodes[static_cast<std::size_t>(node)].inputs) {
      inputs.push_back(tensors[static_cast<std::size_t>(input)].data());
    }
    std::vector<std::int8_t>& output = tensors[static_cast<std::size_t>(node)];
    output.resize(engine_.node_size(node));
    engine_.run_node(node, 1, inputs, multipliers_[static_cast<std::size_t>(node)], output.data());
  }
}

ReferenceRun ReferenceSimulator::run(std::span<const std::int8_t> image, int label,
                                     const Fault& fault) const {
  std::vector<std::vector<std::int8_t>> tensors(engine_.model().nodes.size());
  tensors.front().assign(image.begin(), image.end());
  run_after(0, tensors);
  const std::vector<std::int8_t>& logits = tensors[static_cast<std::size_t>(engine_.logits_node())];
  const std::vector<std::int8_t> golden_logits = logits;
  std::int8_t& hit = tensors[static_cast<std::size_t>(fault.node)][fault.element];
  hit = static_cast<std::int8_t>(static_cast<std::uint8_t>(hit) ^ (1U << fault.bit));
  run_after(fault.node, tensors);
  if (logits == golden_logits) return {Outcome::kMasked, logits};
  return {classify_change(engine::argmax(golden_logits), engine::argmax(logits), label), logits};
}

}  // namespace deepaxe::fault
