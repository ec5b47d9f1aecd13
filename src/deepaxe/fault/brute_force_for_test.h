// BruteForce: what a fault does, by whole runs of the reference engine; shares nothing with the
// code under test but the definition of a fault inside a layer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/reference_layer.h"

namespace deepaxe::fault::testing {

class BruteForce {
 public:
  /// By computing layer: one multiplier or one for each channel.
  BruteForce(const model::Int8Model& model,
             std::vector<std::vector<const arith::Multiplier*>> multipliers, Hardware hardware = {})
      : engine_(model, engine::KernelKind::kReference),
        multipliers_(std::move(multipliers)),
        hardware_(std::move(hardware)) {}

  /// Logits with `fault` in place, or without any for null.
  std::vector<std::int8_t> logits(std::span<const std::int8_t> image, const Fault* fault) const {
    const auto& nodes = engine_.model().nodes;
    std::vector<std::vector<std::int8_t>> tensors(nodes.size());
    std::size_t layer = 0;
    for (int n = 0; n <= engine_.logits_node(); ++n) {
      const auto i = static_cast<std::size_t>(n);
      const bool computes = model::is_computing(nodes[i].op);
      if (n == 0) {
        tensors[0].assign(image.begin(), image.end());
      } else {
        std::vector<const std::int8_t*> inputs;
        for (const int input : nodes[i].inputs) {
          inputs.push_back(tensors[static_cast<std::size_t>(input)].data());
        }
        tensors[i].resize(engine_.node_size(n));
        engine_.run_node(
            n, 1, inputs,
            computes ? kernel::MultiplierSpan(multipliers_[layer]) : kernel::MultiplierSpan(),
            tensors[i].data());
      }
      if (fault != nullptr && fault->node == n) strike(*fault, layer, tensors);
      layer += computes;
    }
    return tensors[static_cast<std::size_t>(engine_.logits_node())];
  }

 private:
  void strike(const Fault& fault, std::size_t layer,
              std::vector<std::vector<std::int8_t>>& tensors) const {
    const auto node = static_cast<std::size_t>(fault.node);
    std::vector<std::int8_t>& output = tensors[node];
    if (fault.target == Target::kActivation) {
      std::int8_t& hit = output[static_cast<std::size_t>(fault.element)];
      hit = apply(fault.effect, hit, fault.bit);
      return;
    }
    const auto source = static_cast<std::size_t>(engine_.model().nodes[node].inputs.front());
    const arith::Netlist* netlist =
        hardware_.netlists.empty() ? nullptr : hardware_.netlists[layer];
    run_with_fault(engine_.computing_layer(fault.node),
                   {multipliers_[layer], netlist, hardware_.parallel_outputs}, fault,
                   tensors[source], output);
  }

  engine::Int8Engine engine_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;
  Hardware hardware_;
};

}  // namespace deepaxe::fault::testing
