#include "deepaxe/fault/difference.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "deepaxe/base/assertion.h"

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
  note_only_pools();
  make_computing_propagators();
}

// A layer writes for the pool that alone reads it, unless its own tensor is where the tail begins.
void DifferenceSimulator::make_computing_propagators() {
  for (Step& step : steps_) {
    if (step.computing == nullptr) continue;
    const int pool = only_pool_[static_cast<std::size_t>(step.node)];
    if (pool < 0 || step.node == tail_.cut()) {
      step.propagator = make_computing_propagator(step.computing, nullptr);
      continue;
    }
    const Step& reader = steps_[static_cast<std::size_t>(pool)];
    const NodeContext context{&engine_, reader.node, reader.roots, {}};
    step.propagator = make_computing_propagator(step.computing, &context);
  }
}

void DifferenceSimulator::note_only_pools() {
  only_pool_.assign(engine_.model().nodes.size(), -1);
  std::vector<int> num_readers(only_pool_.size());
  for (const Step& step : steps_) {
    for (const int root : step.roots) ++num_readers[static_cast<std::size_t>(root)];
  }
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    const auto& op = engine_.model().nodes[static_cast<std::size_t>(steps_[s].node)].op;
    const auto root = static_cast<std::size_t>(steps_[s].roots.front());
    if (!std::holds_alternative<model::Pool>(op) || num_readers[root] > 1) continue;
    only_pool_[root] = static_cast<int>(s);
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
  state.golden_class = engine::argmax(state.tensors[static_cast<std::size_t>(logits_root_)].golden);
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

void DifferenceSimulator::simulate(std::span<const Fault> faults, ImageState& state,
                                   std::span<Outcome> outcomes) const {
  DEEPAXE_ASSERT(faults.size() == outcomes.size());
  state.case_of_fault.clear();
  for (const Fault& fault : faults) state.case_of_fault.push_back(find_case(fault, state));
  run_tail(state);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    outcomes[i] = state.cases[state.case_of_fault[i]];
  }
}

Outcome DifferenceSimulator::simulate_alone(const Fault& fault, ImageState& state) const {
  start(fault, state);
  propagate_until(fault.node, state, [](int, bool) { return false; });
  return compare_logits(state);
}

// The first differences, and nothing of an earlier fault.
void DifferenceSimulator::start(const Fault& fault, ImageState& state) const {
  for (const int node : state.dirty) state.tensors[static_cast<std::size_t>(node)].restore();
  state.dirty.assign(1, fault.node);
  inject(fault, state);
}

void DifferenceSimulator::start_at(int node, SingleChange change, ImageState& state) const {
  for (const int dirty : state.dirty) state.tensors[static_cast<std::size_t>(dirty)].restore();
  state.dirty.assign(1, node);
  state.tensors[static_cast<std::size_t>(node)].set(change.element, change.code);
}

// A flip of what only a pool reads mostly ends there, or comes down to one met before: both are
// seen without touching a tensor.
std::optional<SingleChange> DifferenceSimulator::follow_to_pool(const Fault& fault,
                                                                const ImageState& state) const {
  const auto node = static_cast<std::size_t>(fault.node);
  if (fault.target != Target::kActivation || only_pool_[node] < 0) return std::nullopt;
  const auto element = static_cast<std::uint32_t>(fault.element);
  const std::int8_t code = apply(fault.effect, state.tensors[node].golden[element], fault.bit);
  return steps_[static_cast<std::size_t>(only_pool_[node])].propagator->follow(element, code,
                                                                               state);
}

std::uint32_t DifferenceSimulator::find_case(const Fault& fault, ImageState& state) const {
  state.memo_keys.clear();
  if (const auto change = follow_to_pool(fault, state)) {
    const int pool =
        steps_[static_cast<std::size_t>(only_pool_[static_cast<std::size_t>(fault.node)])].node;
    if (change->code == state.tensors[static_cast<std::size_t>(pool)].golden[change->element]) {
      ++state.work.masked;
      return 0;
    }
    if (const auto known = look_up(pool, *change, state)) {
      ++state.work.collapsed;
      return *known;
    }
    start_at(pool, *change, state);
    return find_case_behind(pool, state);
  }
  start(fault, state);
  if (state.tensors[static_cast<std::size_t>(fault.node)].changed.empty()) {
    ++state.work.masked;
    return 0;
  }
  if (const auto known = look_up_single(fault.node, state)) {
    ++state.work.collapsed;
    return *known;
  }
  return find_case_behind(fault.node, state);
}

// Of the differences that the node has, and nothing else.
std::uint32_t DifferenceSimulator::find_case_behind(int node, ImageState& state) const {
  const auto num_known = static_cast<std::uint32_t>(state.cases.size());
  std::optional<std::uint32_t> found = propagate_to_case(node, state);
  if (found) {
    ++(*found < num_known ? state.work.collapsed : state.work.evaluated);
  } else if (const Outcome outcome = compare_logits(state); outcome == Outcome::kMasked) {
    ++state.work.masked;
    found = 0;
  } else {
    ++state.work.evaluated;
    found = num_known;
    state.cases.push_back(outcome);
  }
  for (const std::uint64_t key : state.memo_keys) state.memo.insert(key, *found);
  return *found;
}

std::optional<std::uint32_t> DifferenceSimulator::propagate_to_case(int first_node,
                                                                    ImageState& state) const {
  std::optional<std::uint32_t> found;
  propagate_until(first_node, state, [&](int node, bool is_all) {
    if (is_all) found = look_up_single(node, state);
    if (!found && node == tail_.cut()) found = enqueue(state);
    return found.has_value();
  });
  return found;
}

// One element of `node` that alone differs decides what follows. Nothing if it was not met yet:
// then it is noted to be learnt.
std::optional<std::uint32_t> DifferenceSimulator::look_up(int node, SingleChange change,
                                                          ImageState& state) {
  const std::uint64_t key = CaseMemo::key(node, change.element, change.code);
  const std::optional<std::uint32_t> known = state.memo.find(key);
  if (!known) state.memo_keys.push_back(key);
  return known;
}

// Requires that nothing older is left to be read. What only a pool reads is remembered behind it.
std::optional<std::uint32_t> DifferenceSimulator::look_up_single(int node,
                                                                 ImageState& state) const {
  const TensorState& tensor = state.tensors[static_cast<std::size_t>(node)];
  if (tensor.changed.size() != 1 || only_pool_[static_cast<std::size_t>(node)] >= 0) {
    return std::nullopt;
  }
  const std::uint32_t element = tensor.changed.front();
  return look_up(node, {element, tensor.faulty[element]}, state);
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

std::uint32_t DifferenceSimulator::enqueue(ImageState& state) const {
  const std::vector<std::int8_t>& tensor =
      state.tensors[static_cast<std::size_t>(tail_.cut())].faulty;
  const auto index = static_cast<std::uint32_t>(state.cases.size());
  state.cases.push_back(Outcome::kMasked);  // Until the tail has been run.
  state.tail_cases.push_back(index);
  state.tail_inputs.insert(state.tail_inputs.end(), tensor.begin(), tensor.end());
  if (state.tail_cases.size() == Tail::kBatch) run_tail(state);
  return index;
}

void DifferenceSimulator::run_tail(ImageState& state) const {
  const std::size_t batch = state.tail_cases.size();
  if (batch == 0) return;
  const std::span<const std::int8_t> logits =
      tail_.run(state.tail_inputs, batch, state.tail_buffers);
  const std::vector<std::int8_t>& golden =
      state.tensors[static_cast<std::size_t>(logits_root_)].golden;
  for (std::size_t i = 0; i < batch; ++i) {
    const auto faulty = logits.subspan(i * golden.size(), golden.size());
    if (std::equal(faulty.begin(), faulty.end(), golden.begin())) continue;
    state.cases[state.tail_cases[i]] =
        classify_change(state.golden_class, engine::argmax(faulty), state.label);
  }
  state.tail_cases.clear();
  state.tail_inputs.clear();
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
