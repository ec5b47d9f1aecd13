#include "deepaxe/fault/difference.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/margin.h"

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

LayerMultipliers by_node(const model::Int8Model& model, const LayerMultipliers& by_layer) {
  LayerMultipliers result(model.nodes.size());
  const std::vector<int> layers = model::computing_nodes(model);
  require_fit(model, layers, by_layer);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    result[static_cast<std::size_t>(layers[l])] = by_layer[l];
  }
  return result;
}

}  // namespace

LayerMultipliers layer_multipliers(const engine::Assignment& assignment) {
  LayerMultipliers result;
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    result.push_back({&multiplier->multiplier});
  }
  return result;
}

Hardware hardware_of(const engine::Assignment& assignment, int parallel_outputs) {
  Hardware hardware;
  hardware.parallel_outputs = parallel_outputs;
  for (const arith::MultiplierPtr& pointer : assignment.multipliers) {
    const arith::NamedMultiplier& multiplier = *pointer;
    hardware.netlists.push_back(multiplier.netlist ? &*multiplier.netlist : nullptr);
  }
  return hardware;
}

DifferenceSimulator::DifferenceSimulator(const engine::Int8Engine& engine,
                                         LayerMultipliers multipliers, const Hardware& hardware)
    : engine_(engine), tail_(engine, by_node(engine.model(), multipliers)) {
  const model::Int8Model& model = engine.model();
  const std::vector<int> layers = model::computing_nodes(model);
  const std::vector<int> roots = storage_roots(model);
  const std::vector<bool> needed = needed_nodes(model);
  logits_root_ = roots[static_cast<std::size_t>(engine.logits_node())];
  step_of_.assign(model.nodes.size(), -1);
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
      const auto place = std::find(layers.begin(), layers.end(), static_cast<int>(i));
      const arith::Netlist* netlist = nullptr;
      if (place != layers.end()) {
        const auto layer = static_cast<std::size_t>(place - layers.begin());
        context.multipliers = multipliers[layer];
        if (!hardware.netlists.empty()) netlist = hardware.netlists.at(layer);
      }
      step_of_[i] = static_cast<int>(steps_.size());
      steps_.push_back(make_step(std::move(context), netlist, hardware.parallel_outputs));
    }
    next_step_[i] = steps_.size();
  }
  note_only_readers();
  make_computing_propagators();
}

// A layer writes for the pool that alone reads it, unless its own tensor is where a run of the tail
// begins.
void DifferenceSimulator::make_computing_propagators() {
  for (Step& step : steps_) {
    if (step.computing == nullptr) continue;
    std::shared_ptr<const PooledSums> pooled;
    const int pool = only_pool_[static_cast<std::size_t>(step.node)];
    if (pool >= 0 && !tail_.entry_of(step.node)) {
      const Step& reader = steps_[static_cast<std::size_t>(pool)];
      pooled = PooledSums::make(*step.computing, {&engine_, reader.node, reader.roots, {}});
    }
    const auto reach = std::make_shared<const InputReach>(*step.computing);
    step.siblings = SiblingSums::make(step.computing, reach, pooled);
    step.propagator = make_computing_propagator(step.computing, reach, pooled);
  }
}

void DifferenceSimulator::note_only_readers() {
  only_reader_.assign(engine_.model().nodes.size(), -1);
  only_pool_ = only_reader_;
  std::vector<int> num_readers(only_reader_.size());
  for (const Step& step : steps_) {
    for (const int root : step.roots) ++num_readers[static_cast<std::size_t>(root)];
  }
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    const auto& op = engine_.model().nodes[static_cast<std::size_t>(steps_[s].node)].op;
    const auto root = static_cast<std::size_t>(steps_[s].roots.front());
    if (num_readers[root] > 1) continue;
    only_reader_[root] = static_cast<int>(s);
    if (std::holds_alternative<model::Pool>(op)) only_pool_[root] = static_cast<int>(s);
  }
}

DifferenceSimulator::Step DifferenceSimulator::make_step(NodeContext context,
                                                         const arith::Netlist* netlist,
                                                         int parallel_outputs) {
  Step step;
  step.node = context.node;
  step.roots = context.roots;
  step.multipliers = context.multipliers;
  if (!model::is_computing(context.graph_node().op)) {
    step.propagator = make_propagator(context);
    return step;
  }
  // Sums of a layer that reads the image itself are needed only where it or its image is hit.
  step.keeps_sums = context.roots.front() != 0;
  step.computing = std::make_shared<const ComputingNode>(std::move(context));
  std::vector<std::shared_ptr<FaultyTables>> tables;
  for (const arith::Multiplier* multiplier : step.multipliers) {
    tables.push_back(tables_of(*multiplier, netlist));
  }
  step.injector =
      std::make_unique<LayerInjector>(step.computing, netlist, std::move(tables), parallel_outputs);
  return step;
}

ImageState DifferenceSimulator::make_state() const {
  ImageState state;
  std::vector<std::size_t> sizes;
  for (int node = 0; node < static_cast<int>(next_step_.size()); ++node) {
    sizes.push_back(engine_.node_size(node));
  }
  state.memo = CaseMemo(sizes);
  state.tail_queues.resize(tail_.entries().size());
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
  state.cases.assign(1, Outcome::kMasked);
  state.label = label;
  DEEPAXE_ASSERT(image.size() == state.tensors.front().golden.size());
  std::copy(image.begin(), image.end(), state.tensors.front().golden.begin());
  state.tensors.front().faulty = state.tensors.front().golden;
  for (const Step& step : steps_) run_golden(step, state);
  const auto& logits = state.tensors[static_cast<std::size_t>(logits_root_)].golden;
  state.golden_class = engine::argmax(logits);
  state.golden_margin = margin_of(logits, state.golden_class);
  state.losses.clear();
}

void DifferenceSimulator::run_golden(const Step& step, ImageState& state) const {
  const auto node = static_cast<std::size_t>(step.node);
  TensorState& output = state.tensors[node];
  AccumulatorState& accumulators = state.accumulators[node];
  accumulators.has_sums = false;
  accumulators.has_slacks = false;
  if (step.keeps_sums) {
    step.computing->run_golden(state);
  } else {
    std::vector<const std::int8_t*> inputs;
    inputs.reserve(step.roots.size());
    for (const int root : step.roots) {
      inputs.push_back(state.tensors[static_cast<std::size_t>(root)].golden.data());
    }
    engine_.run_node(step.node, 1, inputs, step.multipliers, output.golden.data());
  }
  output.faulty = output.golden;
}

std::shared_ptr<FaultyTables> DifferenceSimulator::tables_of(const arith::Multiplier& multiplier,
                                                             const arith::Netlist* netlist) {
  std::shared_ptr<FaultyTables>& tables = tables_[&multiplier];
  if (tables == nullptr) tables = std::make_shared<FaultyTables>(multiplier, netlist);
  return tables;
}

void DifferenceSimulator::inject(const Fault& fault, ImageState& state) const {
  const auto node = static_cast<std::size_t>(fault.node);
  if (fault.target != Target::kActivation) {
    DEEPAXE_ASSERT(step_of_[node] >= 0);
    steps_[static_cast<std::size_t>(step_of_[node])].injector->inject(fault, state);
    return;
  }
  TensorState& hit = state.tensors[node];
  const auto element = static_cast<std::uint32_t>(fault.element);
  const std::int8_t code = apply(fault.effect, hit.golden[element], fault.bit);
  if (code != hit.golden[element]) hit.set(element, code);
}

Outcome DifferenceSimulator::simulate_alone(const Fault& fault, ImageState& state) const {
  start(fault, state);
  propagate_until(fault.node, state, [](int, bool) { return false; });
  return compare_logits(state);
}

// Nothing of an earlier fault is left; the first differences will be of this node.
void DifferenceSimulator::begin_at(int node, ImageState& state) {
  for (const int dirty : state.dirty) state.tensors[static_cast<std::size_t>(dirty)].restore();
  state.dirty.assign(1, node);
}

void DifferenceSimulator::start(const Fault& fault, ImageState& state) const {
  begin_at(fault.node, state);
  inject(fault, state);
}

// Carries differences from node to node. After each node that has some, stop(node, is_all) is asked
// whether to end; is_all: no other tensor that differs is still to be read.
template <typename Stop>
void DifferenceSimulator::propagate_until(int first_node, ImageState& state,
                                          const Stop& stop) const {
  int horizon = last_reader_[static_cast<std::size_t>(first_node)];
  for (std::size_t s = next_step_[static_cast<std::size_t>(first_node)];
       s < steps_.size() && steps_[s].node <= horizon; ++s) {
    const Step& step = steps_[s];
    const bool reads_difference = std::any_of(step.roots.begin(), step.roots.end(), [&](int root) {
      return !state.tensors[static_cast<std::size_t>(root)].changed.empty();
    });
    if (!reads_difference) continue;
    step.propagator->propagate(state);
    const auto differs = [&](int node) {
      return node >= 0 && !state.tensors[static_cast<std::size_t>(node)].changed.empty();
    };
    const int written = differs(step.node) ? step.node : step.propagator->node_written_instead();
    if (!differs(written)) continue;
    state.dirty.push_back(written);
    if (stop(written, horizon <= step.node)) return;
    horizon = std::max(horizon, last_reader_[static_cast<std::size_t>(written)]);
  }
}

// The case met on the way, or the new one that waits for the tail; none: the logits have it.
std::optional<std::uint32_t> DifferenceSimulator::propagate_to_case(int first_node,
                                                                    ImageState& state) const {
  std::optional<std::uint32_t> found;
  propagate_until(first_node, state, [&](int node, bool is_all) {
    if (is_all) found = look_up_single(node, state);
    if (!found) found = wait_for_tail(node, state);
    return found.has_value();
  });
  return found;
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
