#include "deepaxe/fault/difference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <span>
#include <stdexcept>
#include <vector>

#include "deepaxe/fault/brute_force_for_test.h"
#include "deepaxe/fault/requantize_thresholds.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

using Bytes = std::vector<std::int8_t>;

Outcome expected_outcome(const Bytes& golden, const Bytes& faulty, int label) {
  if (golden == faulty) return Outcome::kMasked;
  const int before = engine::argmax(golden), after = engine::argmax(faulty);
  if (before == after) return Outcome::kChangedSameClass;
  if (before == label) return Outcome::kHarmful;
  return after == label ? Outcome::kBeneficial : Outcome::kNeutral;
}

Outcome memoized(const DifferenceSimulator& simulator, const Fault& fault, ImageState& state) {
  Outcome outcome = Outcome::kHang;  // Never an answer of the simulator.
  simulator.simulate({&fault, 1}, state, {&outcome, 1});
  return outcome;
}

// Every fault of the space on `num_images` random images, against whole reference runs; with and
// without the memo. Returns how many faults changed the class.
int compare_all(const model::Int8Model& model, const LayerMultipliers& multipliers,
                std::size_t num_images) {
  const engine::Int8Engine engine(model);
  const testing::BruteForce brute(model, multipliers);
  const DifferenceSimulator simulator(engine, multipliers);
  const FaultSpace space(model, true);
  const std::size_t size = engine.node_size(0);
  const Bytes images = testing::random_images(model, num_images, 11);
  ImageState state = simulator.make_state();
  int num_sdc = 0;
  for (std::size_t i = 0; i < num_images; ++i) {
    const std::span image = std::span(images).subspan(i * size, size);
    const int label = static_cast<int>(i % 3);
    const Bytes golden = brute.logits(image, nullptr);
    simulator.load_image(image, label, state);
    for (std::uint64_t f = 0; f < space.size(); ++f) {
      const Fault fault = space.at(f);
      const Bytes expected = brute.logits(image, &fault);
      const Outcome outcome = expected_outcome(golden, expected, label);
      EXPECT_EQ(memoized(simulator, fault, state), outcome) << "fault " << f << ", image " << i;
      EXPECT_EQ(simulator.simulate_alone(fault, state), outcome) << "fault " << f;
      const auto logits = simulator.logits(state);
      EXPECT_EQ(Bytes(logits.begin(), logits.end()), expected) << "fault " << f;
      if (::testing::Test::HasFailure()) return num_sdc;
      num_sdc += is_sdc(outcome);
    }
  }
  return num_sdc;
}

TEST(DifferenceSimulator, AgreesWithBruteForceOnEveryFaultOfRandomNetworks) {
  int num_sdc = 0;
  for (const std::uint64_t seed : {1U, 2U}) {
    for (const model::Int8Model& model : testing::all_networks(seed)) {
      const engine::Assignment assignment = testing::noisy_assignment(model, seed);
      num_sdc += compare_all(model, layer_multipliers(assignment), 2);
    }
  }
  EXPECT_GT(num_sdc, 100);  // The comparison saw classes change.
}

struct CrossedNetwork {
  int stem = 0, first = 0, first_pool = 0;
  model::Int8Model model;
};

// Convolutions that pools alone read, in the order conv, conv, pool, pool: the differences of the
// one are still to be read while those of the other move on. Few of them outlive a convolution.
CrossedNetwork crossed_network(std::uint64_t seed) {
  testing::NetworkBuilder b({9, 9, 3}, seed);
  CrossedNetwork network;
  network.stem = b.convolution(0, 24, b.same(0, 3), 1, false);
  network.first = b.convolution(network.stem, 40, b.same(network.stem, 3), 1, false);
  const int second = b.convolution(network.stem, 8, testing::square_window(1, 2), 1, false);
  const auto max_pool = [&](int input, int kernel, int stride) {
    return b.plain(model::Pool{model::PoolKind::kMax, testing::square_window(kernel, stride)},
                   {input});
  };
  network.first_pool = max_pool(network.first, 3, 3);
  const int second_pool = max_pool(second, 2, 1);
  const int left = b.dense(b.flatten(network.first_pool), 20, false);
  const int right = b.dense(b.flatten(second_pool), 20, false);
  network.model = b.finish(b.dense(b.plain(model::Arithmetic{}, {left, right}), 5, false));
  for (const int node : {network.first, second}) {
    for (float& scale : network.model.nodes[static_cast<std::size_t>(node)].weight_scales) {
      scale *= 0.05F;
    }
  }
  return network;
}

// From the last node to the first: what a difference comes down to has been met before.
std::vector<Fault> flips_from_the_end(const CrossedNetwork& network, const engine::Int8Engine& e) {
  std::vector<Fault> flips;
  for (const int node : {network.first_pool, network.first, network.stem, 0}) {
    for (std::uint64_t element = 0; element < e.node_size(node); ++element) {
      for (int bit = 0; bit < 8; ++bit) {
        flips.push_back({Target::kActivation, Effect::kFlip, node, element, bit});
      }
    }
  }
  return flips;
}

SimulationWork work_of(const CrossedNetwork& network, engine::KernelKind kind) {
  const engine::Int8Engine engine(network.model, kind);
  const DifferenceSimulator simulator(engine,
                                      layer_multipliers(engine::exact_assignment(network.model)));
  const std::vector<Fault> flips = flips_from_the_end(network, engine);
  constexpr std::size_t kTogether = 512;
  ImageState state = simulator.make_state();
  for (std::uint64_t image = 0; image < 3; ++image) {
    simulator.load_image(testing::random_images(network.model, 1, 3 + image), 0, state);
    for (std::size_t first = 0; first < flips.size(); first += kTogether) {
      const auto some = std::span(flips).subspan(first, std::min(kTogether, flips.size() - first));
      std::vector<Outcome> outcomes(some.size());
      simulator.simulate(some, state, outcomes);
    }
  }
  return state.work;
}

// The reference kernels have no runs at chosen positions, and take so long that whole runs are
// never worth it.
TEST(DifferenceSimulator, CountsTheSameWorkWhateverWayCostsLeast) {
  for (const std::uint64_t seed : {1U, 2U}) {
    const CrossedNetwork network = crossed_network(seed);
    const SimulationWork sparse = work_of(network, engine::KernelKind::kReference);
    const SimulationWork fast = work_of(network, engine::KernelKind::kTable);
    EXPECT_EQ(sparse.masked, fast.masked);
    EXPECT_EQ(sparse.collapsed, fast.collapsed);
    EXPECT_EQ(sparse.evaluated, fast.evaluated);
  }
}

TEST(DifferenceSimulator, AgreesWithBruteForceWithExactMultipliers) {
  for (const model::Int8Model& model : testing::all_networks(3)) {
    compare_all(model, layer_multipliers(engine::exact_assignment(model)), 1);
  }
}

TEST(DifferenceSimulator, AgreesWithBruteForceWithTheCircuitsOfTheLibrary) {
  for (const char* name : {"1KV8", "1KVP", "trunc(2)"}) {
    for (const model::Int8Model& model : testing::all_networks(8)) {
      const auto& multiplier = arith::find_multiplier(name)->multiplier;
      const std::size_t layers = model::computing_nodes(model).size();
      compare_all(model, LayerMultipliers(layers, {&multiplier}), 1);
    }
  }
}

TEST(DifferenceSimulator, AgreesWithBruteForceWithOneMultiplierPerChannel) {
  for (const model::Int8Model& model : testing::all_networks(4)) {
    std::list<arith::Multiplier> kept;
    LayerMultipliers multipliers;
    for (const int node : model::computing_nodes(model)) {
      const auto& shape = model.nodes[static_cast<std::size_t>(node)].shape;
      auto& layer = multipliers.emplace_back();
      for (int c = 0; c < model::num_channels(shape); ++c) {
        if (kept.size() < 4) kept.push_back(testing::noisy_multiplier(kept.size(), 500));
        layer.push_back(&*std::next(kept.begin(), c % static_cast<int>(kept.size())));
      }
    }
    compare_all(model, multipliers, 1);
  }
}

// Both operands of an addition and both inputs of a concatenation may be one tensor.
TEST(DifferenceSimulator, AgreesWhereOneTensorIsReadTwice) {
  testing::NetworkBuilder b({4, 4, 1}, 5);
  const int a = b.convolution(0, 2, testing::square_window(2));
  const int twice = b.plain(model::Arithmetic{}, {a, a});
  const int joined = b.plain(model::Concatenate{2}, {twice, twice});
  const model::Int8Model model = b.finish(b.dense(b.flatten(joined), 3, false));
  compare_all(model, layer_multipliers(testing::noisy_assignment(model, 5)), 2);
}

// Scales that differ force codes to be converted on the way: not a mere move any more.
TEST(DifferenceSimulator, AgreesWhereAConcatenationRescales) {
  testing::NetworkBuilder b({4, 4, 1}, 6);
  const int a = b.convolution(0, 2, testing::square_window(2));
  const int c = b.convolution(0, 2, testing::square_window(2));
  const int joined = b.plain(model::Concatenate{2}, {a, c});
  const model::Int8Model model = b.finish(b.dense(b.flatten(joined), 3, false));
  compare_all(model, layer_multipliers(testing::noisy_assignment(model, 6)), 1);
}

TEST(DifferenceSimulator, LeavesNoTraceOfAFaultInTheNext) {
  const model::Int8Model model = testing::residual_network(7);
  const engine::Int8Engine engine(model);
  const DifferenceSimulator simulator(engine, layer_multipliers(engine::exact_assignment(model)));
  const Bytes image = testing::random_images(model, 1, 7);
  ImageState state = simulator.make_state();
  simulator.load_image(image, 0, state);
  const FaultSpace space(model);
  for (std::uint64_t f = 0; f < space.size(); ++f) simulator.simulate_alone(space.at(f), state);
  ImageState fresh = simulator.make_state();
  simulator.load_image(image, 0, fresh);
  for (std::size_t t = 0; t < state.tensors.size(); ++t) {
    state.tensors[t].restore();
    EXPECT_EQ(state.tensors[t].faulty, fresh.tensors[t].golden) << "tensor " << t;
  }
}

TEST(DifferenceSimulator, RefusesAnAssignmentThatDoesNotFit) {
  const engine::Int8Engine engine(testing::chain_network(1));
  const arith::Multiplier exact = arith::Multiplier::exact();
  EXPECT_THROW(DifferenceSimulator(engine, {{&exact}}), std::invalid_argument);
  const LayerMultipliers two_of_three = {{&exact, &exact}, {&exact}, {&exact}, {&exact}};
  EXPECT_THROW(DifferenceSimulator(engine, two_of_three), std::invalid_argument);
}

kernel::ComputingLayer layer_with_scales(quant::Rounding rounding) {
  kernel::ComputingLayer layer;
  layer.rounding = rounding;
  layer.out_zero_point = -7;
  layer.clamp_low = -100;
  layer.clamp_high = 90;
  for (const double factor : {0.9, 0.01, 3e-5, 1e-9, 0.0, 2.5}) {
    layer.scales.push_back(quant::make_requant_scale(factor));
  }
  return layer;
}

// At both ends of the slack the code still holds; one step further it does not.
TEST(RequantizeThresholds, AreWhereTheCodeChanges) {
  for (const auto rounding : {quant::Rounding::kSingle, quant::Rounding::kDouble}) {
    const kernel::ComputingLayer layer = layer_with_scales(rounding);
    const RequantizeThresholds thresholds(layer);
    for (std::size_t c = 0; c < layer.scales.size(); ++c) {
      const auto code = [&](std::int64_t sum) {
        return quant::requantize_to_code(static_cast<std::int32_t>(sum), layer.scales[c], rounding,
                                         layer.out_zero_point, layer.clamp_low, layer.clamp_high);
      };
      for (std::int64_t sum = -20'000; sum <= 20'000; sum += 61) {
        const Slack slack = thresholds.slack(c, static_cast<std::int32_t>(sum), code(sum));
        ASSERT_TRUE(slack.low <= 0 && slack.high >= 0);
        const std::int64_t low = sum + slack.low, high = sum + slack.high;
        ASSERT_TRUE(low < -2'000'000'000 || (code(low) == code(sum) && code(low - 1) < code(sum)));
        ASSERT_TRUE(high > 2'000'000'000 ||
                    (code(high) == code(sum) && code(high + 1) > code(sum)));
      }
    }
  }
}

void expect_together_as_alone(const model::Int8Model& model, const LayerMultipliers& multipliers) {
  const engine::Int8Engine engine(model);
  const DifferenceSimulator simulator(engine, multipliers);
  const FaultSpace space(model);
  const Bytes image = testing::random_images(model, 1, 9);
  ImageState state = simulator.make_state();
  simulator.load_image(image, 1, state);
  std::vector<Fault> faults;
  for (std::uint64_t f = 0; f < space.size(); ++f) faults.push_back(space.at(f));
  std::vector<Outcome> together(faults.size());
  simulator.simulate(faults, state, together);
  EXPECT_EQ(state.work.masked + state.work.collapsed + state.work.evaluated, faults.size());
  for (std::size_t f = 0; f < faults.size(); ++f) {
    ASSERT_EQ(together[f], simulator.simulate_alone(faults[f], state)) << "fault " << f;
  }
}

TEST(DifferenceSimulator, GivesTheSameForFaultsTogetherAndOneByOne) {
  for (const model::Int8Model& model : testing::all_networks(9)) {
    const std::size_t layers = model::computing_nodes(model).size();
    const arith::MultiplierPtr circuit = arith::find_multiplier("1KVP");
    expect_together_as_alone(model, layer_multipliers(testing::noisy_assignment(model, 9)));
    expect_together_as_alone(model, layer_multipliers(engine::exact_assignment(model)));
    expect_together_as_alone(model, LayerMultipliers(layers, {&circuit->multiplier}));
  }
}

TEST(CaseMemo, ForgetsOnTheNextImage) {
  CaseMemo memo(std::vector<std::size_t>{10, 10, 10, 10});
  memo.insert(CaseMemo::key(3, 5, -1), 7);
  EXPECT_EQ(memo.find(CaseMemo::key(3, 5, -1)), 7U);
  EXPECT_FALSE(memo.find(CaseMemo::key(3, 5, 1)));
  memo.forget_all();
  EXPECT_FALSE(memo.find(CaseMemo::key(3, 5, -1)));
}

// More keys than there is room for: what is found is what was inserted.
TEST(CaseMemo, IsBoundedAndNeverWrong) {
  constexpr std::uint32_t kKeys = 8'000'000;  // 256 of each element.
  CaseMemo memo(std::vector<std::size_t>{5, kKeys / 256});
  const auto key = [](std::uint32_t i) {
    return CaseMemo::key(1, i / 256, static_cast<std::int8_t>(i % 256));
  };
  for (std::uint32_t i = 0; i < kKeys; ++i) memo.insert(key(i), i);
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < kKeys; ++i) {
    const auto known = memo.find(key(i));
    found += known.has_value() ? 1U : 0U;
    EXPECT_EQ(known.value_or(i), i);
  }
  EXPECT_EQ(found, CaseMemo::kMostPlaces * CaseMemo::kCodes);  // The last of the last.
}

}  // namespace
}  // namespace deepaxe::fault
