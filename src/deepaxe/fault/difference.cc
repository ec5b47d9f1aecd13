#include "deepaxe/fault/difference.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "deepaxe/base/assertion.h"
#include "deepaxe/kernel/reference/convolution.h"

namespace deepaxe::fault {
namespace {

bool computes(const model::Int8Node& node) {
  return !std::holds_alternative<model::Input>(node.op) &&
         !std::holds_alternative<model::Reshape>(node.op);
}

void require_fit(const model::Int8Model& model, const std::vector<int>& layers,
                 const LayerMultipliers& multipliers) {
  if (multipliers.size() != layers.size()) {
    throw std::invalid_argument("multipliers for " + std::to_string(multipliers.size()) +
                                " layers, expected " + std::to_string(layers.size()));
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const auto& shape = model.nodes[static_cast<std::size_t>(layers[l])].shape;
    const auto channels = static_cast<std::size_t>(model::num_channels(shape));
    if (multipliers[l].size() != 1 && multipliers[l].size() != channels) {
      throw std::invalid_argument("layer " + std::to_string(l) + " has " +
                                  std::to_string(multipliers[l].size()) +
                                  " multipliers, expected 1 or " + std::to_string(channels));
    }
  }
}

}  // namespace

LayerMultipliers layer_multipliers(const engine::Assignment& assignment) {
  LayerMultipliers result;
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    result.push_back({&multiplier->multiplier});
  }
  return result;
}

DifferenceSimulator::DifferenceSimulator(const engine::Int8Engine& engine,
                                         LayerMultipliers multipliers)
    : engine_(engine) {
  const model::Int8Model& model = engine.model();
  const std::vector<int> layers = model::computing_nodes(model);
  require_fit(model, layers, multipliers);
  const std::vector<int> roots = storage_roots(model);
  const std::vector<bool> needed = needed_nodes(model);
  logits_root_ = roots[static_cast<std::size_t>(engine.logits_node())];
  next_step_.resize(model.nodes.size());
  last_reader_.assign(model.nodes.size(), -1);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const model::Int8Node& node = model.nodes[i];
    if (needed[i] && computes(node)) {
      NodeContext context{&engine, static_cast<int>(i), {}, {}};
      for (const int input : node.inputs) {
        const int root = roots[static_cast<std::size_t>(input)];
        context.roots.push_back(root);
        last_reader_[static_cast<std::size_t>(root)] = static_cast<int>(i);
      }
      const auto layer = std::find(layers.begin(), layers.end(), static_cast<int>(i));
      if (layer != layers.end()) {
        context.multipliers = multipliers[static_cast<std::size_t>(layer - layers.begin())];
      }
      // Sums of a layer that reads the image itself are needed only where the image is hit.
      const bool keeps_sums = layer != layers.end() && context.roots.front() != 0;
      steps_.push_back(
          {context.node, context.roots, make_propagator(context), context.multipliers, keeps_sums});
    }
    next_step_[i] = steps_.size();
  }
}

ImageState DifferenceSimulator::make_state() const {
  ImageState state;
  state.tensors.resize(next_step_.size());
  state.accumulators.resize(next_step_.size());
  const auto allocate = [&](int node) {
    TensorState& tensor = state.tensors[static_cast<std::size_t>(node)];
    tensor.golden.resize(engine_.node_size(node));
    tensor.faulty.resize(tensor.golden.size());
  };
  allocate(0);
  for (const Step& step : steps_) allocate(step.node);
  return state;
}

void DifferenceSimulator::load_image(std::span<const std::int8_t> image, int label,
                                     ImageState& state) const {
  for (const int node : state.dirty) state.tensors[static_cast<std::size_t>(node)].restore();
  state.dirty.clear();
  state.memo.forget_all();
  state.label = label;
  DEEPAXE_ASSERT(image.size() == state.tensors.front().golden.size());
  std::copy(image.begin(), image.end(), state.tensors.front().golden.begin());
  state.tensors.front().faulty = state.tensors.front().golden;
  for (const Step& step : steps_) run_golden(step, state);
  state.golden_class = engine::argmax(state.tensors[static_cast<std::size_t>(logits_root_)].golden);
}

void DifferenceSimulator::run_golden(const Step& step, ImageState& state) const {
  const auto node = static_cast<std::size_t>(step.node);
  TensorState& output = state.tensors[node];
  AccumulatorState& accumulators = state.accumulators[node];
  accumulators.has_sums = step.keeps_sums;
  accumulators.has_slacks = false;
  std::vector<const std::int8_t*> inputs;
  inputs.reserve(step.roots.size());
  for (const int root : step.roots) {
    inputs.push_back(state.tensors[static_cast<std::size_t>(root)].golden.data());
  }
  if (step.keeps_sums) {
    accumulators.sums.resize(output.golden.size());
    engine_.accumulate_node(step.node, inputs.front(), step.multipliers, accumulators.sums.data());
    kernel::reference::requantize(engine_.computing_layer(step.node), accumulators.sums,
                                  output.golden);
  } else {
    engine_.run_node(step.node, 1, inputs, step.multipliers, output.golden.data());
  }
  output.faulty = output.golden;
}

Outcome DifferenceSimulator::simulate(const Fault& fault, ImageState& state, bool memoize) const {
  for (const int node : state.dirty) state.tensors[static_cast<std::size_t>(node)].restore();
  state.dirty.assign(1, fault.node);
  state.memo_keys.clear();
  TensorState& hit = state.tensors[static_cast<std::size_t>(fault.node)];
  const auto code = static_cast<std::uint8_t>(hit.golden[fault.element]);
  hit.set(fault.element, static_cast<std::int8_t>(code ^ (1U << fault.bit)));
  const Outcome* known = propagate_all(fault.node, state, memoize);
  const Outcome outcome = known != nullptr ? *known : compare_logits(state);
  for (const std::uint64_t key : state.memo_keys) state.memo.insert(key, outcome);
  return outcome;
}

const Outcome* DifferenceSimulator::propagate_all(int first_node, ImageState& state,
                                                  bool memoize) const {
  int horizon = last_reader_[static_cast<std::size_t>(first_node)];
  for (std::size_t s = next_step_[static_cast<std::size_t>(first_node)];
       s < steps_.size() && steps_[s].node <= horizon; ++s) {
    const Step& step = steps_[s];
    const bool reads_difference = std::any_of(step.roots.begin(), step.roots.end(), [&](int root) {
      return !state.tensors[static_cast<std::size_t>(root)].changed.empty();
    });
    if (!reads_difference) continue;
    step.propagator->propagate(state);
    const TensorState& output = state.tensors[static_cast<std::size_t>(step.node)];
    if (output.changed.empty()) continue;
    state.dirty.push_back(step.node);
    // With nothing older left to be read, a single difference alone decides what follows.
    if (memoize && output.changed.size() == 1 && horizon <= step.node) {
      const std::uint32_t element = output.changed.front();
      const std::uint64_t key = OutcomeMemo::key(step.node, element, output.faulty[element]);
      if (const Outcome* known = state.memo.find(key)) return known;
      state.memo_keys.push_back(key);
    }
    horizon = std::max(horizon, last_reader_[static_cast<std::size_t>(step.node)]);
  }
  return nullptr;
}

Outcome DifferenceSimulator::compare_logits(const ImageState& state) const {
  const TensorState& logits = state.tensors[static_cast<std::size_t>(logits_root_)];
  if (logits.changed.empty()) return Outcome::kMasked;
  return classify_change(state.golden_class, engine::argmax(logits.faulty), state.label);
}

std::span<const std::int8_t> DifferenceSimulator::logits(const ImageState& state) const {
  return state.tensors[static_cast<std::size_t>(logits_root_)].faulty;
}

}  // namespace deepaxe::fault
