// Recheck: one pair simulated again the plain way, by the reference kernels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/outcome.h"

namespace deepaxe::fault {

struct ReferenceRun {
  Outcome outcome = Outcome::kMasked;
  std::vector<std::int8_t> logits;  ///< Of the faulty run.
  int margin_loss = 0;              ///< In codes (margin.h).
};

/// Runs every layer whole, behind the fault, that reads anything other than in the golden run.
/// Shares no code with the difference simulator but the definitions of fault and outcome.
/// Immutable.
class ReferenceSimulator {
 public:
  using Tensors = std::vector<std::vector<std::int8_t>>;  ///< By node.

  ReferenceSimulator(const model::Int8Model& model, LayerMultipliers multipliers,
                     const Hardware& hardware = {});

  ReferenceRun run(std::span<const std::int8_t> image, int label, const Fault& fault) const;
  /// The same; `golden` keeps the image's golden tensors for the next fault of the same image. May
  /// be empty or of any earlier call.
  ReferenceRun run(std::span<const std::int8_t> image, int label, const Fault& fault,
                   Tensors& golden) const;

 private:
  void run_node(int node, Tensors& tensors) const;
  // Runs the nodes after `first` whose inputs are not the golden ones; the others' tensors are.
  void run_what_differs(int first, const Tensors& golden, Tensors& tensors) const;

  // Makes of a node's golden `output` the faulty one; `input` is the tensor that the node reads.
  void strike(const Fault& fault, std::span<const std::int8_t> input,
              std::vector<std::int8_t>& output) const;

  engine::Int8Engine engine_;
  int parallel_outputs_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;  // By node.
  std::vector<const arith::Netlist*> netlists_;                     // By node.
};

}  // namespace deepaxe::fault
