// The generated pipeline against the engine: every logit of every image, every cycle.
#include "deepaxe/hw/design/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "deepaxe/hw/verilog/verilog.h"
#include "generated_verilog.h"
#include "random_networks.h"

namespace deepaxe::hw::verilog {
namespace {

constexpr int kImages = 12;

DesignCase pipelined(DesignCase design) {
  design.schedule = design::ImageSchedule::kPipelined;
  return design;
}

std::string no_difference(const GeneratedVerilog& design, int images) {
  return std::to_string(images) + " images, 0 differing logits of " +
         std::to_string(images * design.engine().num_classes());
}

// Each image's way out, and from image to image once the pipeline is full.
void expect_scheduled_images(const GeneratedVerilog& design, const std::vector<int>& outputs,
                             int num_images) {
  const std::string output = design.make("sim", "+sent");
  EXPECT_NE(output.find(no_difference(design, num_images)), std::string::npos) << output;
  const model::Int8Model& model = design.engine().model();
  const auto images = design::pipeline_schedule(model, outputs, num_images);
  for (std::size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(number_after(output, "image " + std::to_string(i) + " sent "), images[i].last_sent);
  }
  const std::int64_t interval = design::pipeline_interval(model, outputs).cycles;
  EXPECT_EQ(number_after(output, "interval "), interval);
  EXPECT_EQ(number_after(output, "\ncycles "), interval);  // The register.
}

// Its file in a dump: several readers of one layer have a queue each.
std::string dump_file(const design::DesignPlan& plan, const design::LayerPlan& writer,
                      const design::ImageQueue& queue) {
  const auto queues = design::image_queues(plan);
  std::string name = writer.target;
  if (std::ranges::count(queues, writer.node, &design::ImageQueue::writer) > 1) {
    name += "_for_" + std::ranges::find(plan.layers, queue.reader, &design::LayerPlan::node)->name;
  }
  return "dump_" + name + ".hex";
}

// One image alone: each layer's last write, and every tensor in its queues.
void expect_scheduled_layers(const GeneratedVerilog& design, const std::vector<int>& outputs) {
  const std::string output = design.make("sim", "+images=1 +dump");
  const model::Int8Model& model = design.engine().model();
  const auto cycles = design::pipeline_schedule(model, outputs, 1).front().layers;
  const auto tensors = design.engine().run_all(
      design.assignment(), 1, std::span(design.images()).first(design.engine().node_size(0)));
  const auto plan = design::make_plan(model, [](std::string_view) { return false; });
  for (const design::LayerPlan& layer : plan.layers) {
    const auto node = static_cast<std::size_t>(layer.node);
    EXPECT_EQ(number_after(output, "layer " + layer.name + " last write "), cycles[node].last_write)
        << layer.name;
    for (const design::ImageQueue& queue : design::image_queues(plan)) {
      if (queue.writer != layer.node) continue;
      std::vector<std::int8_t> codes = design.read_codes(dump_file(plan, layer, queue));
      codes.resize(tensors[node].size());  // The first slot; the others are empty.
      EXPECT_EQ(codes, tensors[node]) << layer.name;
    }
  }
}

void expect_agreement(const DesignCase& case_) {
  const GeneratedVerilog design(case_);
  expect_scheduled_images(design, case_.parallel_outputs, case_.num_images);
  expect_scheduled_layers(design, case_.parallel_outputs);
}

class PipelinedLenet5 : public testing::TestWithParam<std::vector<int>> {};

TEST_P(PipelinedLenet5, HasTheEnginesLogitsAndTheSchedulesCyclesInVerilator) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  expect_agreement(pipelined(lenet5("conv1=1KVP,fc1=1KV9", GetParam())));
}

INSTANTIATE_TEST_SUITE_P(ParallelOutputs, PipelinedLenet5,
                         testing::Values(std::vector{1, 1, 1, 1, 1}, std::vector{6, 16, 8, 2, 1}),
                         [](const auto& i) { return i.param[0] == 1 ? "One" : "Balanced"; });

struct SmallCase {
  const char* name;
  model::Int8Model (*network)();
  std::vector<int> parallel_outputs;
};

void PrintTo(const SmallCase& c, std::ostream* out) { *out << c.name; }

class PipelinedNetwork : public testing::TestWithParam<SmallCase> {};

TEST_P(PipelinedNetwork, HasTheEnginesLogitsAndTheSchedulesCyclesInVerilator) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  expect_agreement(pipelined({.model = GetParam().network(),
                              .assignment = "1KV9",
                              .parallel_outputs = GetParam().parallel_outputs,
                              .num_images = kImages}));
}

INSTANTIATE_TEST_SUITE_P(
    Networks, PipelinedNetwork,
    testing::Values(SmallCase{"Perceptron", perceptron, {1, 4, 2}},
                    SmallCase{"PerceptronPacedByItsInput", perceptron, {23, 8, 3}},
                    SmallCase{"Convolutions", convolution_network, {1, 1, 1, 1}},
                    SmallCase{"Branches", branching_network, {2, 1, 4}},
                    SmallCase{"Gates", gated_network, {2, 3}},
                    SmallCase{"Residual", residual_network, {1, 1, 3, 4}},
                    SmallCase{"ResidualOfManyLanes", residual_network, {4, 4, 4, 4}}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Pipeline, TakesWeightsFromOutsideInTheSameCycles) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  const std::vector<int> outputs = {3, 2, 2, 7};
  const GeneratedVerilog design(pipelined({.model = convolution_network(),
                                           .assignment = "1KV9",
                                           .parallel_outputs = outputs,
                                           .weight_streams = std::vector<bool>(4, true),
                                           .num_images = kImages}));
  expect_scheduled_images(design, outputs, kImages);
}

// Gaps on every stream, the host's and the weights': a queue that runs over or dry would show.
TEST(Pipeline, GivesTheSameLogitsWhateverPauses) {
  if (!has_program("vvp", "-V")) GTEST_SKIP() << "iverilog is not installed";
  const GeneratedVerilog design(pipelined({.model = residual_network(),
                                           .assignment = "1KV9",
                                           .parallel_outputs = {4, 4, 4, 4},
                                           .weight_streams = std::vector<bool>(4, true),
                                           .num_images = kImages}));
  const std::string output = design.make("icarus", "+stalls");
  EXPECT_NE(output.find(no_difference(design, kImages)), std::string::npos) << output;
  EXPECT_GT(number_after(output, "interval "), number_after(design.make("icarus"), "interval "));
}

TEST(Pipeline, GivesTheEnginesLogitsAsANetlistOfYosys) {
  if (!has_program("vvp", "-V") || !has_program("yosys", "-V")) {
    GTEST_SKIP() << "yosys or iverilog is not installed";
  }
  const GeneratedVerilog design(
      pipelined({.model = tiny_network(), .assignment = "1KVP", .num_images = 4}));
  const std::string output = design.make("netlist");
  EXPECT_NE(output.find(no_difference(design, 4)), std::string::npos) << output;
}

// One after the other: the way in, the computation and the way out of each image.
TEST(SequentialEngine, TakesAnImageEverySoManyCycles) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  const std::vector<int> outputs = {1, 1, 3, 4};
  const GeneratedVerilog design(
      {.model = residual_network(), .parallel_outputs = outputs, .num_images = 3});
  const model::Int8Model& model = design.engine().model();
  const std::int64_t cycles = design::total_cycles(model, design::schedule(model, outputs));
  EXPECT_EQ(number_after(design.make("sim"), "interval "),
            design::sequential_interval(model, cycles));
}

}  // namespace
}  // namespace deepaxe::hw::verilog
