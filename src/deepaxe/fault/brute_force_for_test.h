// BruteForce: what a fault does, by whole runs of the reference engine; shares nothing with the
// code under test.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/fault_space.h"

namespace deepaxe::fault::testing {

class BruteForce {
 public:
  /// By computing layer: one multiplier or one for each channel.
  BruteForce(const model::Int8Model& model,
             std::vector<std::vector<const arith::Multiplier*>> multipliers)
      : engine_(model, engine::KernelKind::kReference), multipliers_(std::move(multipliers)) {}

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
      layer += computes;
      if (fault != nullptr && fault->node == n) {
        const auto element = static_cast<std::size_t>(fault->element);
        tensors[i][element] = static_cast<std::int8_t>(
            static_cast<std::uint8_t>(tensors[i][element]) ^ (1U << fault->bit));
      }
    }
    return tensors[static_cast<std::size_t>(engine_.logits_node())];
  }

 private:
  engine::Int8Engine engine_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;
};

}  // namespace deepaxe::fault::testing
