// The whole truth about real networks: every activation fault on some images, by the difference
// simulation and by running all that stands behind the fault.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe {
namespace {

using fault::Fault;
using fault::Outcome;
using Bytes = std::vector<std::int8_t>;

const std::filesystem::path kData = std::filesystem::path(DEEPAXE_SOURCE_DIR) / "../shared/data";
constexpr std::size_t kBatch = 64;

struct TruthCase {
  std::string name;
  std::string model;
  std::string multiplier;
  std::vector<std::size_t> images;  // Of MNIST's test set: some whose classes faults change.
};

// Runs the nodes behind the fault for many faults of one tensor at a time, sparing nothing.
class SuffixRunner {
 public:
  SuffixRunner(const engine::Int8Engine& engine, const engine::Assignment& assignment,
               const Bytes& image, int label)
      : engine_(engine), label_(label), golden_(engine.run_all(assignment, 1, image)) {
    multipliers_.resize(golden_.size());
    const std::vector<int> nodes = model::computing_nodes(engine.model());
    for (std::size_t l = 0; l < nodes.size(); ++l) {
      multipliers_[static_cast<std::size_t>(nodes[l])] = fault::layer_multipliers(assignment)[l];
    }
  }

  // Of faults that all hit the same tensor.
  std::vector<Outcome> run(std::span<const Fault> faults) const {
    std::vector<Bytes> tensors(golden_.size());
    for (std::size_t n = 0; n < golden_.size(); ++n) {
      for (std::size_t i = 0; i < faults.size(); ++i) {
        tensors[n].insert(tensors[n].end(), golden_[n].begin(), golden_[n].end());
      }
    }
    const int hit = faults.front().node;
    Bytes& tensor = tensors[static_cast<std::size_t>(hit)];
    const std::size_t size = engine_.node_size(hit);
    for (std::size_t i = 0; i < faults.size(); ++i) {
      std::int8_t& code = tensor[i * size + static_cast<std::size_t>(faults[i].element)];
      code = fault::apply(faults[i].effect, code, faults[i].bit);
    }
    for (int n = hit + 1; n <= engine_.logits_node(); ++n) {
      std::vector<const std::int8_t*> inputs;
      for (const int input : engine_.model().nodes[static_cast<std::size_t>(n)].inputs) {
        inputs.push_back(tensors[static_cast<std::size_t>(input)].data());
      }
      engine_.run_node(n, static_cast<int>(faults.size()), inputs,
                       multipliers_[static_cast<std::size_t>(n)],
                       tensors[static_cast<std::size_t>(n)].data());
    }
    return outcomes(tensors[static_cast<std::size_t>(engine_.logits_node())], faults.size());
  }

 private:
  std::vector<Outcome> outcomes(const Bytes& logits, std::size_t count) const {
    const Bytes& golden = golden_[static_cast<std::size_t>(engine_.logits_node())];
    std::vector<Outcome> result;
    for (std::size_t i = 0; i < count; ++i) {
      const auto faulty = std::span(logits).subspan(i * golden.size(), golden.size());
      result.push_back(
          std::equal(faulty.begin(), faulty.end(), golden.begin())
              ? Outcome::kMasked
              : fault::classify_change(engine::argmax(golden), engine::argmax(faulty), label_));
    }
    return result;
  }

  const engine::Int8Engine& engine_;
  int label_;
  std::vector<Bytes> golden_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;
};

class FaultTruth : public ::testing::TestWithParam<TruthCase> {};

TEST_P(FaultTruth, OfEveryPairIsWhatRunningTheRestOfTheNetworkGives) {
  const auto file = kData / "models" / GetParam().model;
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const engine::Int8Engine engine(frontend::tflite::read_tflite(file));
  engine::Assignment assignment = engine::exact_assignment(engine.model());
  for (auto& m : assignment.multipliers) m = arith::find_multiplier(GetParam().multiplier);
  const fault::DifferenceSimulator simulator(engine, fault::layer_multipliers(assignment));
  const fault::FaultSpace space(engine.model());
  const dataset::ImageSet images = dataset::load(kData / "datasets/mnist").test;
  fault::ImageState state = simulator.make_state();
  std::int64_t num_sdc = 0;
  for (const std::size_t i : GetParam().images) {
    // The codes of a network with the scale 1/255 and the zero point -128 are the pixels less 128.
    Bytes image(engine.node_size(0));
    for (std::size_t e = 0; e < image.size(); ++e) {
      image[e] = static_cast<std::int8_t>(images.bytes[i * image.size() + e] - 128);
    }
    const int label = static_cast<int>(images.labels[i]);
    const SuffixRunner runner(engine, assignment, image, label);
    simulator.load_image(image, label, state);
    for (const fault::FaultTensor& tensor : space.tensors()) {
      for (std::uint64_t f = 0; f < tensor.num_faults(); f += kBatch) {
        std::vector<Fault> faults;
        for (std::uint64_t k = f; k < std::min(f + kBatch, tensor.num_faults()); ++k) {
          faults.push_back(space.at(tensor.first_fault + k));
        }
        std::vector<Outcome> outcomes(faults.size());
        simulator.simulate(faults, state, outcomes);
        ASSERT_EQ(outcomes, runner.run(faults)) << tensor.name << ", from fault " << f;
        for (const Outcome outcome : outcomes) num_sdc += fault::is_sdc(outcome);
      }
    }
  }
  EXPECT_GT(num_sdc, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Networks, FaultTruth,
    ::testing::Values(
        TruthCase{"lenet5", "lenet5-mnist/lenet5_int8.tflite", "exact", {8, 115, 247}},
        TruthCase{"lenet5_1kvp", "lenet5-mnist/lenet5_int8.tflite", "1KVP", {8, 115, 247}},
        TruthCase{"mlp3", "mlp3-mnist/mlp3_int8.tflite", "1KV9", {8, 115, 247}},
        TruthCase{
            "mini_mobilenet", "mini-mobilenet-mnist/mini_mobilenet_int8.tflite", "exact", {8}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace deepaxe
