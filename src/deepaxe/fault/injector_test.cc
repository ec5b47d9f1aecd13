#include "deepaxe/fault/injector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/fault/brute_force_for_test.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/recheck.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

using Bytes = std::vector<std::int8_t>;

constexpr std::array kTargets = {
    Target::kActivation,      Target::kWeight,       Target::kBias,    Target::kAccumulator,
    Target::kRequantMantissa, Target::kRequantShift, Target::kMacUnit, Target::kMultiplierNet};
constexpr std::array kEffects = {Effect::kFlip, Effect::kFlipTwo, Effect::kStuckAt0,
                                 Effect::kStuckAt1};

// Circuits with netlists, another in every layer.
engine::Assignment circuit_assignment(const model::Int8Model& model) {
  engine::Assignment assignment = engine::exact_assignment(model);
  constexpr std::array<const char*, 3> kNames = {"1KVP", "exact", "drum(4)"};
  for (std::size_t l = 0; l < assignment.multipliers.size(); ++l) {
    assignment.multipliers[l] = arith::find_multiplier(kNames[l % kNames.size()]);
  }
  return assignment;
}

std::vector<std::uint32_t> num_nets(const engine::Assignment& assignment) {
  std::vector<std::uint32_t> result;
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    result.push_back(arith::netlist_of(*multiplier).num_nets());
  }
  return result;
}

struct Experiment {
  explicit Experiment(const model::Int8Model& model, int parallel_outputs)
      : engine(model),
        assignment(circuit_assignment(model)),
        hardware(hardware_of(assignment, parallel_outputs)),
        simulator(engine, layer_multipliers(assignment), hardware),
        reference(model, layer_multipliers(assignment), hardware),
        whole_runs(model, layer_multipliers(assignment), hardware),
        image(testing::random_images(model, 1, 3)) {}

  FaultSpace space(Target target, Effect effect) const {
    return FaultSpace(engine.model(), {.targets = {target},
                                       .effects = {effect},
                                       .parallel_outputs = hardware.parallel_outputs,
                                       .num_nets = num_nets(assignment)});
  }

  engine::Int8Engine engine;
  engine::Assignment assignment;
  Hardware hardware;
  DifferenceSimulator simulator;
  ReferenceSimulator reference;
  testing::BruteForce whole_runs;
  Bytes image;
};

// Some 40 faults of each layer of each kind, 10 where the reference makes a whole table for each;
// returns how many changed a logit.
int compare(const Experiment& e, const FaultSpace& space, ImageState& state) {
  int num_changed = 0;
  for (const FaultTensor& tensor : space.tensors()) {
    const bool is_table =
        tensor.target == Target::kMacUnit || tensor.target == Target::kMultiplierNet;
    const std::uint64_t count = is_table ? 10 : 40;
    const std::uint64_t step = std::max<std::uint64_t>(1, tensor.num_faults() / count) | 1;
    for (std::uint64_t f = 0; f < tensor.num_faults(); f += step) {
      const Fault fault = space.at(tensor.first_fault + f);
      const ReferenceRun expected = e.reference.run(e.image, 1, fault);
      EXPECT_EQ(expected.logits, e.whole_runs.logits(e.image, &fault));
      Outcome outcome = Outcome::kHang;  // Never an answer of the simulator.
      e.simulator.simulate({&fault, 1}, state, {&outcome, 1});
      EXPECT_EQ(outcome, expected.outcome)
          << to_string(fault.target) << " " << to_string(fault.effect) << " of " << tensor.name
          << ", element " << fault.element << ", bit " << fault.bit;
      EXPECT_EQ(e.simulator.simulate_alone(fault, state), expected.outcome);
      const auto logits = e.simulator.logits(state);
      EXPECT_EQ(Bytes(logits.begin(), logits.end()), expected.logits);
      if (::testing::Test::HasFailure()) return num_changed;
      num_changed += expected.outcome != Outcome::kMasked;
    }
  }
  return num_changed;
}

class EveryTarget : public ::testing::TestWithParam<Target> {};

TEST_P(EveryTarget, AgreesWithTheReferenceKernelsOnRandomNetworks) {
  int num_changed = 0;
  for (const model::Int8Model& model : testing::all_networks(1)) {
    const Experiment e(model, 3);
    ImageState state = e.simulator.make_state();
    e.simulator.load_image(e.image, 1, state);
    for (const Effect effect : kEffects) {
      if (!is_defined(GetParam(), effect)) continue;
      num_changed += compare(e, e.space(GetParam(), effect), state);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(num_changed, 50);
}

INSTANTIATE_TEST_SUITE_P(Fault, EveryTarget, ::testing::ValuesIn(kTargets),
                         [](const auto& test) { return std::string(to_string(test.param)); });

// A weight and a bias are numbers of the model file: the network with such a file is the judge.
// The folded bias stays as stored, so the model's bias makes up for the weight's share in it.
model::Int8Model with_fault_in_file(model::Int8Model model, const Fault& fault) {
  model::Int8Node& node = model.nodes[static_cast<std::size_t>(fault.node)];
  const std::int32_t zero_point =
      model.nodes[static_cast<std::size_t>(node.inputs.front())].quant.zero_point;
  const auto e = static_cast<std::size_t>(fault.element);
  if (fault.target == Target::kWeight) {
    const std::int8_t after = apply(fault.effect, node.weights[e], fault.bit);
    node.bias[e / (node.weights.size() / node.bias.size())] +=
        zero_point * (after - node.weights[e]);
    node.weights[e] = after;
  } else {
    const std::size_t depth = node.weights.size() / node.bias.size();
    std::int32_t folded = node.bias[e];
    for (std::size_t k = 0; k < depth; ++k) folded -= zero_point * node.weights[e * depth + k];
    node.bias[e] += static_cast<std::int32_t>(
        static_cast<std::uint32_t>(apply(fault.effect, folded, fault.bit)) -
        static_cast<std::uint32_t>(folded));
  }
  return model;
}

TEST(LayerInjector, FaultsOfParametersAreThoseOfAModelFileWithThem) {
  const model::Int8Model model = testing::chain_network(2);
  const Experiment e(model, 1);
  ImageState state = e.simulator.make_state();
  e.simulator.load_image(e.image, 0, state);
  for (const Target target : {Target::kWeight, Target::kBias}) {
    const FaultSpace space = e.space(target, Effect::kFlip);
    for (std::uint64_t f = 0; f < space.size(); f += 61) {
      const Fault fault = space.at(f);
      // Bits whose flip leaves the int32 of the file: the sum wraps, the file cannot say it.
      if (target == Target::kBias && fault.bit > 28) continue;
      const engine::Int8Engine altered(with_fault_in_file(model, fault));
      const auto tensors = altered.run_all(e.assignment, 1, e.image);
      e.simulator.simulate_alone(fault, state);
      const auto logits = e.simulator.logits(state);
      ASSERT_EQ(Bytes(logits.begin(), logits.end()),
                tensors[static_cast<std::size_t>(altered.logits_node())])
          << to_string(target) << " " << fault.element << ", bit " << fault.bit;
    }
  }
}

// The N units of a layer share its channels: the same product register hits more with fewer units.
TEST(LayerInjector, AUnitComputesItsShareOfTheChannels) {
  const model::Int8Model model = testing::chain_network(4);
  for (const int units : {1, 2, 5}) {
    const Experiment e(model, units);
    ImageState state = e.simulator.make_state();
    e.simulator.load_image(e.image, 0, state);
    const FaultSpace space = e.space(Target::kMacUnit, Effect::kStuckAt1);
    for (std::uint64_t f = 0; f < space.size(); ++f) {
      const Fault fault = space.at(f);
      e.simulator.simulate_alone(fault, state);
      const TensorState& output = state.tensors[static_cast<std::size_t>(fault.node)];
      const auto channels = static_cast<std::uint32_t>(
          model::num_channels(model.nodes[static_cast<std::size_t>(fault.node)].shape));
      const std::uint32_t n = std::min(static_cast<std::uint32_t>(units), channels);
      for (const std::uint32_t element : output.changed) {
        EXPECT_EQ(element % channels % n, fault.element);
      }
    }
  }
}

TEST(FaultyTables, ShareWhatCannotBeToldApart) {
  const arith::MultiplierPtr multiplier = arith::find_multiplier("1KVP");
  const arith::Netlist& netlist = arith::netlist_of(*multiplier);
  FaultyTables tables(multiplier->multiplier, &netlist);
  std::size_t num_masked = 0;
  std::vector<const Products*> distinct;
  for (std::uint32_t net = 0; net < netlist.num_nets(); ++net) {
    for (const Effect effect : {Effect::kStuckAt0, Effect::kStuckAt1}) {
      const auto table = tables.of_net(net, effect);
      EXPECT_EQ(table, tables.of_net(net, effect));
      if (table == nullptr) ++num_masked;
      if (table != nullptr) distinct.push_back(table.get());
    }
  }
  const std::size_t num_faults = distinct.size();
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  EXPECT_LT(distinct.size(), num_faults);  // An input stuck and the gates behind it, say.
  for (std::size_t i = 1; i < distinct.size(); ++i) EXPECT_NE(*distinct[i], *distinct[i - 1]);
  EXPECT_GT(num_masked, 0U);  // Operand bits that 1KVP does not read.
}

}  // namespace
}  // namespace deepaxe::fault
