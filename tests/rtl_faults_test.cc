// Faults in the simulated Verilog: those that the fault simulator knows give its logits; the others
// are counted the same way however many are tried at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "deepaxe/base/child.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/inject/fault_bench.h"
#include "deepaxe/hw/inject/state_campaign.h"
#include "deepaxe/hw/verilog/fault_bench_source.h"
#include "generated_verilog.h"
#include "random_networks.h"

namespace deepaxe::hw::inject {
namespace {

using design::ImageSchedule;
using verilog::DesignCase;
using verilog::GeneratedVerilog;

constexpr int kImage = 1;

bool has_verilator() { return verilog::has_program("verilator", "--version"); }

FaultBench make_bench(const GeneratedVerilog& design, std::span<const int> parallel_outputs,
                      ImageSchedule schedule = ImageSchedule::kSequential) {
  return {design.folder(),
          verilog::fault_cycles(design.engine().model(), parallel_outputs, schedule),
          static_cast<std::int64_t>(design.engine().node_size(0))};
}

// The flips that the fault simulator and the accelerator both know: where they lie in the design.
class SharedFaults {
 public:
  SharedFaults(const GeneratedVerilog& design, const FaultBench& bench, const DesignCase& case_)
      : model_(design.engine().model()),
        parallel_outputs_(case_.parallel_outputs),
        is_pipelined_(case_.schedule == ImageSchedule::kPipelined) {
    for (const Place& place : bench.places()) places_[place.name] = place.number;
    for (const auto& layer :
         design::make_plan(model_, [](std::string_view) { return false; }).layers) {
      layers_[layer.node] = layer;
    }
  }

  /// Several readers of a layer have a queue each in a pipeline, so that no single bit is theirs.
  bool has_one_place(const fault::Fault& fault) const {
    return fault.target == fault::Target::kWeight || places_.contains(memory_of(fault));
  }

  StateFault in_hardware(const fault::Fault& fault) const {
    return fault.target == fault::Target::kWeight ? in_weights(fault) : in_codes(fault);
  }

 private:
  std::string memory_of(const fault::Fault& fault) const {
    return "core." + (fault.node == 0 ? "image" : layers_.at(fault.node).target) + ".codes";
  }
  // After its write, so that every reader sees it; the image of a sequential engine is there before
  // the start. In a ring of images the first one lies at the beginning.
  StateFault in_codes(const fault::Fault& fault) const {
    const bool is_there = fault.node == 0 && !is_pipelined_;
    return {.cycle = is_there ? 0 : StateFault::kWhenWritten,
            .place = places_.at(memory_of(fault)),
            .word = static_cast<std::int64_t>(fault.element),
            .bit = fault.bit};
  }
  // A word has the weights of a group's lanes for one element of the window.
  StateFault in_weights(const fault::Fault& fault) const {
    const design::LayerPlan& layer = layers_.at(fault.node);
    const auto computing = static_cast<std::size_t>(layer.computing_index);
    const auto walk = design::layer_walk(model_, fault.node, parallel_outputs_[computing]);
    const auto output = static_cast<int>(fault.element) / walk.depth();
    const int in_set = output % walk.set_outputs;
    const int group = output / walk.set_outputs * walk.groups() + in_set / walk.lanes;
    return {.cycle = 0,
            .place = places_.at("core." + layer.name + "_layer.weights.words"),
            .word = group * walk.depth() + static_cast<int>(fault.element) % walk.depth(),
            .bit = 8 * (in_set % walk.lanes) + fault.bit};
  }

  const model::Int8Model& model_;
  std::vector<int> parallel_outputs_;
  bool is_pipelined_;
  std::map<std::string, int> places_;
  std::map<int, design::LayerPlan> layers_;
};

std::vector<fault::Fault> random_faults(const fault::FaultSpace& space, std::uint64_t count) {
  std::vector<fault::Fault> faults;
  for (std::uint64_t i = 0; i < count; ++i) {
    faults.push_back(space.at(base::CounterRng(7).below(space.size(), i)));
  }
  return faults;
}

// The logits that the fault simulator gives.
std::vector<std::vector<int>> simulated_logits(const GeneratedVerilog& design,
                                               std::span<const fault::Fault> faults) {
  const fault::DifferenceSimulator simulator(design.engine(),
                                             fault::layer_multipliers(design.assignment()));
  fault::ImageState state = simulator.make_state();
  const std::size_t size = design.engine().node_size(0);
  simulator.load_image(std::span(design.images()).subspan(kImage * size, size), 0, state);
  std::vector<std::vector<int>> logits;
  for (const fault::Fault& fault : faults) {
    simulator.simulate_alone(fault, state);
    const auto found = simulator.logits(state);
    logits.emplace_back(found.begin(), found.end());
  }
  return logits;
}

void expect_equal_logits(const DesignCase& case_, std::uint64_t faults_of_each_kind) {
  const GeneratedVerilog design(case_);
  const FaultBench bench = make_bench(design, case_.parallel_outputs, case_.schedule);
  const SharedFaults shared(design, bench, case_);
  std::vector<fault::Fault> faults;
  for (const auto target : {fault::Target::kActivation, fault::Target::kWeight}) {
    const fault::FaultSpace space(design.engine().model(),
                                  {.targets = {target}, .include_input = true});
    const auto drawn = random_faults(space, faults_of_each_kind);
    std::ranges::copy_if(drawn, std::back_inserter(faults),
                         [&](const fault::Fault& each) { return shared.has_one_place(each); });
  }
  std::vector<StateFault> in_hardware;
  in_hardware.reserve(faults.size());
  for (const fault::Fault& fault : faults) in_hardware.push_back(shared.in_hardware(fault));
  const auto runs = bench.run(kImage, in_hardware, 2);
  const auto logits = simulated_logits(design, faults);
  int changed = 0;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const std::string& layer =
        design.engine().model().nodes[static_cast<std::size_t>(faults[i].node)].name;
    EXPECT_EQ(runs[i].logits, logits[i])
        << to_string(faults[i].target) << " of " << layer << ", element " << faults[i].element
        << ", bit " << faults[i].bit;
    // Codes and weights do not move the schedule, and only weights are not written again.
    EXPECT_EQ(runs[i].cycles, bench.total_cycles());
    EXPECT_FALSE(runs[i].lasts && faults[i].target == fault::Target::kActivation);
    changed += logits[i] == logits.front() ? 0 : 1;
  }
  EXPECT_GT(changed, static_cast<int>(faults.size()) / 20)
      << "faults without an effect prove little";
}

TEST(RtlFaults, TwoHundredInLenet5GiveTheFaultSimulatorsLogits) {
  if (!has_verilator()) GTEST_SKIP() << "verilator is not installed";
  expect_equal_logits(verilog::lenet5("conv1=1KVP,fc1=1KV9", std::vector<int>(5, 16)), 100);
}

TEST(RtlFaults, InGroupsLanesAndBranchesGiveTheFaultSimulatorsLogits) {
  if (!has_verilator()) GTEST_SKIP() << "verilator is not installed";
  expect_equal_logits(
      {.model = convolution_network(), .assignment = "1KV9", .parallel_outputs = {3, 2, 2, 7}},
      100);
  expect_equal_logits(
      {.model = branching_network(), .assignment = "1KV9", .parallel_outputs = {2, 1, 4}}, 100);
}

DesignCase pipelined(DesignCase design) {
  design.schedule = ImageSchedule::kPipelined;
  return design;
}

TEST(RtlFaults, TwoHundredInTheQueuesAndWeightsOfAPipelineGiveTheFaultSimulatorsLogits) {
  if (!has_verilator()) GTEST_SKIP() << "verilator is not installed";
  expect_equal_logits(pipelined(verilog::lenet5("conv1=1KVP,fc1=1KV9", std::vector<int>(5, 16))),
                      100);
}

TEST(RtlFaults, InPipelinesOfGroupsAndBranchesGiveTheFaultSimulatorsLogits) {
  if (!has_verilator()) GTEST_SKIP() << "verilator is not installed";
  expect_equal_logits(
      pipelined(
          {.model = convolution_network(), .assignment = "1KV9", .parallel_outputs = {3, 2, 2, 7}}),
      100);
  expect_equal_logits(
      pipelined(
          {.model = branching_network(), .assignment = "1KV9", .parallel_outputs = {2, 1, 4}}),
      100);
}

struct NetworkCase {
  const char* name;
  model::Int8Model (*network)();
  std::vector<int> parallel_outputs;
  ImageSchedule schedule = ImageSchedule::kSequential;
};

void PrintTo(const NetworkCase& c, std::ostream* out) { *out << c.name; }

class StatePlaces : public testing::TestWithParam<NetworkCase> {};

// Flip-flops of the elaborated sources, as yosys finds them before it optimizes. Those that drive
// no signal of ours are its helpers for memory ports and indexed assignments.
std::int64_t flip_flops(const GeneratedVerilog& design) {
  const std::string script =
      "cd " + design.folder().string() +
      " && yosys -q -p \"read_verilog -defer -DDEEPAXE_TABLES $(tr '\\n' ' ' <sources.f);"
      " hierarchy -top accelerator; proc; flatten; write_rtlil build/elaborated.il\" && awk '"
      "$1 == \"cell\" {is_dff = $2 ~ /^\\$s?dff/} $2 == \"\\\\WIDTH\" {width = $3} "
      "is_dff && $2 == \"\\\\Q\" && $3 !~ /^\\$/ {sum += width} END {print sum}' "
      "build/elaborated.il";
  const auto result = base::run_program({"sh", "-c", script}, {.seconds = 300});
  const std::string output(reinterpret_cast<const char*>(result.output.data()),
                           result.output.size());
  EXPECT_EQ(result.exit_code, 0) << output;
  return std::stoll(output);
}

std::int64_t register_bits(const FaultBench& bench) {
  std::int64_t bits = 0;
  for (const Place& place : bench.places()) {
    const bool is_memory = place.name.ends_with(".codes") || place.name.ends_with(".words");
    if (!is_memory) bits += place.word_bits;
  }
  return bits;
}

TEST_P(StatePlaces, AreAllFlipFlopsOfTheSources) {
  if (!has_verilator() || !verilog::has_program("yosys", "-V")) {
    GTEST_SKIP() << "verilator or yosys is not installed";
  }
  const GeneratedVerilog design({.model = GetParam().network(),
                                 .assignment = "1KV9",
                                 .parallel_outputs = GetParam().parallel_outputs,
                                 .schedule = GetParam().schedule});
  const FaultBench bench = make_bench(design, GetParam().parallel_outputs, GetParam().schedule);
  EXPECT_EQ(register_bits(bench), flip_flops(design));
}

INSTANTIATE_TEST_SUITE_P(
    Networks, StatePlaces,
    testing::Values(
        NetworkCase{"Convolutions", convolution_network, {3, 2, 2, 7}},
        NetworkCase{"Branches", branching_network, {2, 1, 4}},
        NetworkCase{"Gates", gated_network, {2, 3}},
        NetworkCase{
            "PipelinedConvolutions", convolution_network, {3, 2, 2, 7}, ImageSchedule::kPipelined},
        NetworkCase{"PipelinedBranches", branching_network, {2, 1, 4}, ImageSchedule::kPipelined}),
    [](const auto& instance) { return std::string(instance.param.name); });

StateCampaignResult small_campaign(const GeneratedVerilog& design, const FaultBench& bench,
                                   std::int64_t faults, int jobs,
                                   std::vector<verilog::StateGroup> groups) {
  const auto golden =
      engine::evaluate(design.engine(), design.assignment(), design.images(), {}, 1);
  const std::vector<int> labels(3, 0);
  return run_state_campaign(bench, golden.logits, labels,
                            {.groups = std::move(groups),
                             .num_faults = faults,
                             .seed = 5,
                             .num_images = 3,
                             .jobs = jobs,
                             .progress = {}});
}

class StateCampaign : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_verilator()) GTEST_SKIP() << "verilator is not installed";
  }
};

TEST_F(StateCampaign, IsTheSameForAnyNumberOfJobsAndALongerOneBeginsWithIt) {
  const std::vector<int> parallel_outputs = {1, 4, 2};
  const GeneratedVerilog design({.model = perceptron(), .parallel_outputs = parallel_outputs});
  const FaultBench bench = make_bench(design, parallel_outputs);
  const std::vector<verilog::StateGroup> registers = {
      verilog::StateGroup::kAccumulator, verilog::StateGroup::kData, verilog::StateGroup::kCounter,
      verilog::StateGroup::kControl};
  const StateCampaignResult one = small_campaign(design, bench, 200, 1, registers);
  const StateCampaignResult four = small_campaign(design, bench, 300, 4, registers);
  EXPECT_TRUE(std::equal(one.records.begin(), one.records.end(), four.records.begin()));
  EXPECT_EQ(one.total.outcomes.pairs(), 200);
  EXPECT_GT(one.total.outcomes[fault::Outcome::kMasked], 0);
}

// What no injector into tensors can see.
TEST_F(StateCampaign, FlipsOfControlStateHangAndChangeCycleCounts) {
  const std::vector<int> parallel_outputs = {1, 4, 2};
  const GeneratedVerilog design({.model = perceptron(), .parallel_outputs = parallel_outputs});
  const FaultBench bench = make_bench(design, parallel_outputs);
  const auto control = small_campaign(design, bench, 300, 2, {verilog::StateGroup::kControl});
  EXPECT_GT(control.total.outcomes[fault::Outcome::kHang], 0);
  EXPECT_TRUE(std::ranges::any_of(control.records, &StateRecord::wrong_cycles));
  const auto sums = small_campaign(design, bench, 100, 2, {verilog::StateGroup::kAccumulator});
  EXPECT_EQ(sums.total.outcomes[fault::Outcome::kHang], 0);
  EXPECT_FALSE(std::ranges::any_of(sums.records, &StateRecord::wrong_cycles));
  EXPECT_EQ(sums.total.lasting, 0);
}

// A queue that believes it is full, or a stage that never ends, stops every stage before it.
TEST_F(StateCampaign, OfAPipelineHasHangsFromControlAndNoneFromSums) {
  const std::vector<int> parallel_outputs = {1, 4, 2};
  const GeneratedVerilog design(
      pipelined({.model = perceptron(), .parallel_outputs = parallel_outputs}));
  const FaultBench bench = make_bench(design, parallel_outputs, ImageSchedule::kPipelined);
  const auto control = small_campaign(
      design, bench, 300, 2, {verilog::StateGroup::kControl, verilog::StateGroup::kCounter});
  EXPECT_GT(control.total.outcomes[fault::Outcome::kHang], 0);
  EXPECT_GT(control.total.outcomes[fault::Outcome::kMasked], 0);
  const auto sums = small_campaign(design, bench, 100, 1, {verilog::StateGroup::kAccumulator});
  EXPECT_EQ(sums.total.outcomes[fault::Outcome::kHang], 0);
  EXPECT_FALSE(std::ranges::any_of(sums.records, &StateRecord::wrong_cycles));
  EXPECT_EQ(sums.total.lasting, 0);
}

}  // namespace
}  // namespace deepaxe::hw::inject
