#include "deepaxe/fault/recheck.h"

#include <algorithm>
#include <utility>

#include "deepaxe/fault/margin.h"
#include "deepaxe/fault/reference_layer.h"

namespace deepaxe::fault {

ReferenceSimulator::ReferenceSimulator(const model::Int8Model& model, LayerMultipliers multipliers,
                                       const Hardware& hardware)
    : engine_(model, engine::KernelKind::kReference),
      parallel_outputs_(hardware.parallel_outputs),
      multipliers_(model.nodes.size()),
      netlists_(model.nodes.size()) {
  const std::vector<int> layers = model::computing_nodes(model);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const auto node = static_cast<std::size_t>(layers[l]);
    multipliers_[node] = std::move(multipliers[l]);
    if (!hardware.netlists.empty()) netlists_[node] = hardware.netlists[l];
  }
}

void ReferenceSimulator::run_node(int node, Tensors& tensors) const {
  std::vector<const std::int8_t*> inputs;
  for (const int input : engine_.model().nodes[static_cast<std::size_t>(node)].inputs) {
    inputs.push_back(tensors[static_cast<std::size_t>(input)].data());
  }
  std::vector<std::int8_t>& output = tensors[static_cast<std::size_t>(node)];
  output.resize(engine_.node_size(node));
  engine_.run_node(node, 1, inputs, multipliers_[static_cast<std::size_t>(node)], output.data());
}

// Of equal inputs a node makes equal outputs.
void ReferenceSimulator::run_what_differs(int first, const Tensors& golden,
                                          Tensors& tensors) const {
  for (int node = first + 1; node <= engine_.logits_node(); ++node) {
    const std::vector<int>& inputs = engine_.model().nodes[static_cast<std::size_t>(node)].inputs;
    const bool differs = std::any_of(inputs.begin(), inputs.end(), [&](int input) {
      const auto i = static_cast<std::size_t>(input);
      return tensors[i] != golden[i];
    });
    if (differs) run_node(node, tensors);
  }
}

void ReferenceSimulator::strike(const Fault& fault, std::span<const std::int8_t> input,
                                std::vector<std::int8_t>& output) const {
  const auto node = static_cast<std::size_t>(fault.node);
  if (fault.target != Target::kActivation) {
    run_with_fault(engine_.computing_layer(fault.node),
                   {multipliers_[node], netlists_[node], parallel_outputs_}, fault, input, output);
    return;
  }
  std::int8_t& hit = output[static_cast<std::size_t>(fault.element)];
  hit = apply(fault.effect, hit, fault.bit);
}

ReferenceRun ReferenceSimulator::run(std::span<const std::int8_t> image, int label,
                                     const Fault& fault) const {
  Tensors golden;
  return run(image, label, fault, golden);
}

ReferenceRun ReferenceSimulator::run(std::span<const std::int8_t> image, int label,
                                     const Fault& fault, Tensors& golden) const {
  if (golden.empty() ||
      !std::equal(image.begin(), image.end(), golden.front().begin(), golden.front().end())) {
    golden.resize(engine_.model().nodes.size());
    golden.front().assign(image.begin(), image.end());
    for (int node = 1; node <= engine_.logits_node(); ++node) run_node(node, golden);
  }
  Tensors tensors = golden;
  const auto last = static_cast<std::size_t>(engine_.logits_node());
  const std::vector<std::int8_t>& golden_logits = golden[last];
  const std::vector<std::int8_t>& logits = tensors[last];
  const auto node = static_cast<std::size_t>(fault.node);
  std::span<const std::int8_t> input;
  if (node > 0) {
    const int source = engine_.model().nodes[node].inputs.front();
    input = tensors[static_cast<std::size_t>(source)];
  }
  strike(fault, input, tensors[node]);
  run_what_differs(fault.node, golden, tensors);
  if (logits == golden_logits) return {Outcome::kMasked, logits, 0};
  const int golden_class = engine::argmax(golden_logits);
  return {classify_change(golden_class, engine::argmax(logits), label), logits,
          margin_of(golden_logits, golden_class) - margin_of(logits, golden_class)};
}

}  // namespace deepaxe::fault
