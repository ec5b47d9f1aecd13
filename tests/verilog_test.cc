// Generated Verilog against the engine: every memory of every layer, and every cycle count.
#include "deepaxe/hw/verilog/verilog.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/design/schedule.h"
#include "generated_verilog.h"
#include "random_networks.h"

namespace deepaxe::hw::verilog {
namespace {

std::string count_of(int images, int logits) {
  return std::to_string(images) + " images, 0 differing logits of " +
         std::to_string(images * logits);
}

// Tensors of the first image, as the engine computes them and as the memories hold them.
void expect_equal_memories(const GeneratedVerilog& design) {
  const auto tensors = design.engine().run_all(
      design.assignment(), 1, std::span(design.images()).first(design.engine().node_size(0)));
  const auto plan =
      design::make_plan(design.engine().model(), [](std::string_view) { return false; });
  EXPECT_EQ(design.read_codes("dump_image.hex"), tensors[0]);
  for (const design::LayerPlan& layer : plan.layers) {
    EXPECT_EQ(design.read_codes("dump_" + layer.target + ".hex"),
              tensors[static_cast<std::size_t>(layer.node)])
        << layer.name;
  }
}

// The last write of every layer and the whole, as simulated and as the schedule says.
void expect_scheduled_cycles(const GeneratedVerilog& design, std::span<const int> parallel_outputs,
                             const std::string& output) {
  const model::Int8Model& model = design.engine().model();
  const auto schedule = design::schedule(model, parallel_outputs);
  for (const auto& layer :
       design::make_plan(model, [](std::string_view) { return false; }).layers) {
    EXPECT_EQ(number_after(output, "layer " + layer.name + " last write "),
              schedule[static_cast<std::size_t>(layer.node)].last_write)
        << layer.name;
  }
  EXPECT_EQ(number_after(output, "\ncycles "), design::total_cycles(model, schedule));
}

void expect_agreement(const DesignCase& case_) {
  const GeneratedVerilog design(case_);
  const std::string output = design.make("sim", "+dump");
  EXPECT_NE(output.find(count_of(case_.num_images, design.engine().num_classes())),
            std::string::npos)
      << output;
  expect_equal_memories(design);
  expect_scheduled_cycles(design, case_.parallel_outputs, output);
}

class Lenet5 : public testing::TestWithParam<int> {};

TEST_P(Lenet5, HasTheEnginesTensorsAndTheSchedulesCyclesInVerilator) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  expect_agreement(lenet5("conv1=1KVP,fc1=1KV9", std::vector<int>(5, GetParam())));
}

INSTANTIATE_TEST_SUITE_P(ParallelOutputs, Lenet5, testing::Values(1, 2, 4, 8, 16),
                         testing::PrintToStringParamName());

struct SmallCase {
  const char* name;
  model::Int8Model (*network)();
  const char* assignment;
  std::vector<int> parallel_outputs;
};

void PrintTo(const SmallCase& c, std::ostream* out) { *out << c.name; }

class SmallNetwork : public testing::TestWithParam<SmallCase> {};

TEST_P(SmallNetwork, HasTheEnginesTensorsAndTheSchedulesCyclesInVerilator) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  const SmallCase& c = GetParam();
  expect_agreement({.model = c.network(),
                    .assignment = c.assignment,
                    .parallel_outputs = c.parallel_outputs,
                    .num_images = 3});
}

INSTANTIATE_TEST_SUITE_P(
    Networks, SmallNetwork,
    testing::Values(SmallCase{"Perceptron", perceptron, "1KVP", {1, 4, 2}},
                    SmallCase{"PerceptronOfManyLanes", perceptron, "exact", {23, 8, 3}},
                    SmallCase{"Convolutions", convolution_network, "conv2d_1=1KVP", {1, 1, 1, 1}},
                    SmallCase{"ConvolutionsOfManyLanes", convolution_network, "1KV9", {3, 2, 2, 7}},
                    SmallCase{"Branches", branching_network, "1KV9", {2, 1, 4}},
                    SmallCase{"Gates", gated_network, "exact", {2, 3}},
                    SmallCase{"Residual", residual_network, "1KV9", {2, 1, 3, 4}}),
    [](const auto& instance) { return std::string(instance.param.name); });

// The same proof with weights from outside, in a few layers or in all of them.
TEST(WeightStreams, GiveTheEnginesTensorsAndTheSchedulesCycles) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  DesignCase some = lenet5("conv1=1KVP,fc1=1KV9", std::vector<int>(5, 4));
  some.weight_streams = {false, true, true, false, false};
  expect_agreement(some);
  expect_agreement({.model = convolution_network(),
                    .assignment = "1KV9",
                    .parallel_outputs = {3, 2, 2, 7},
                    .weight_streams = std::vector<bool>(4, true)});
}

TEST(WeightStreams, ThatPauseGiveTheSameLogitsLater) {
  if (!has_program("vvp", "-V")) GTEST_SKIP() << "iverilog is not installed";
  const GeneratedVerilog design({.model = convolution_network(),
                                 .assignment = "1KV9",
                                 .parallel_outputs = {3, 2, 2, 7},
                                 .weight_streams = std::vector<bool>(4, true)});
  const std::string steady = design.make("icarus");
  const std::string pausing = design.make("icarus", "+stalls");
  EXPECT_NE(pausing.find(count_of(3, design.engine().num_classes())), std::string::npos) << pausing;
  EXPECT_GT(number_after(pausing, "cycles "), number_after(steady, "cycles "));
}

struct FormCase {
  const char* name;
  const char* assignment;
  ExactForm exact_form;
};

void PrintTo(const FormCase& c, std::ostream* out) { *out << c.name; }

class MultiplierForm : public testing::TestWithParam<FormCase> {};

TEST_P(MultiplierForm, GivesTheEnginesLogitsAsItIsSynthesized) {
  if (!has_program("verilator", "--version")) GTEST_SKIP() << "verilator is not installed";
  const GeneratedVerilog design({.model = perceptron(),
                                 .assignment = GetParam().assignment,
                                 .parallel_outputs = {3, 2, 1},
                                 .exact_form = GetParam().exact_form,
                                 .num_images = 1});
  const std::string output = design.make("gates");
  EXPECT_NE(output.find(count_of(1, 3)), std::string::npos) << output;
}

INSTANTIATE_TEST_SUITE_P(Forms, MultiplierForm,
                         testing::Values(FormCase{"Gates", "dense_2=1KVP,dense_3=1KV9",
                                                  ExactForm::kGates},
                                         FormCase{"Native", "exact", ExactForm::kNative},
                                         FormCase{"Dsp", "exact", ExactForm::kDsp}),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(GeneratedVerilog, GivesTheEnginesLogitsInIcarus) {
  if (!has_program("vvp", "-V")) GTEST_SKIP() << "iverilog is not installed";
  const GeneratedVerilog design({.model = residual_network(), .assignment = "1KV9"});
  const std::string output = design.make("icarus");
  EXPECT_NE(output.find(count_of(3, 4)), std::string::npos) << output;
}

struct NetlistCase {
  const char* name;
  const char* assignment;
  ExactForm exact_form;
  MemoryStyle memory;
  const char* cells;   // Beginnings of names of cells that are there...
  const char* absent;  // ...and of such that are not.
};

void PrintTo(const NetlistCase& c, std::ostream* out) { *out << c.name; }

class Netlist : public testing::TestWithParam<NetlistCase> {};

// What `make synth` made, simulated: the cells of a device instead of our sources.
TEST_P(Netlist, OfYosysGivesTheEnginesLogits) {
  if (!has_program("vvp", "-V") || !has_program("yosys", "-V")) {
    GTEST_SKIP() << "yosys or iverilog is not installed";
  }
  const NetlistCase& c = GetParam();
  const GeneratedVerilog design({.model = tiny_network(),
                                 .assignment = c.assignment,
                                 .exact_form = c.exact_form,
                                 .memory = c.memory,
                                 .num_images = 2});
  const std::string output = design.make("netlist");
  EXPECT_NE(output.find(count_of(2, 3)), std::string::npos) << output;
  const std::string counts = design.read_text("build/stat.txt");
  std::istringstream cells(c.cells);
  for (std::string cell; cells >> cell;) {
    EXPECT_NE(counts.find(" " + cell), std::string::npos) << cell << " in\n" << counts;
  }
  EXPECT_EQ(counts.find(std::string(" ") + c.absent), std::string::npos) << c.absent << "\n"
                                                                         << counts;
}

INSTANTIATE_TEST_SUITE_P(
    Cells, Netlist,
    testing::Values(NetlistCase{"GatesAndBlockRam", "1KVP", ExactForm::kGates, MemoryStyle::kBlock,
                                "RAMB DSP48E1 CARRY4 FDRE LUT6", "MUXF7"},
                    NetlistCase{"SlicesAndLutRam", "exact", ExactForm::kDsp,
                                MemoryStyle::kDistributed, "RAM DSP48E1", "RAMB"},
                    NetlistCase{"OperatorsInLuts", "exact", ExactForm::kNative, MemoryStyle::kBlock,
                                "RAMB CARRY4", "DSP48E1"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(GeneratedVerilog, AChangedExpectedLogitMakesTheTestBenchCountIt) {
  if (!has_program("vvp", "-V")) GTEST_SKIP() << "iverilog is not installed";
  const GeneratedVerilog design({.model = perceptron(), .num_images = 1});
  std::string logits = design.files().at("logits.hex");
  logits[0] = logits[0] == '0' ? '1' : '0';
  base::write_file_atomically(design.folder() / "logits.hex", std::string_view(logits));
  const std::string output = design.make("icarus");
  EXPECT_NE(output.find("image 0 logit 0: "), std::string::npos) << output;
  EXPECT_EQ(number_after(output, "1 images, "), 1) << output;
}

TEST(GeneratedVerilog, TheSameArgumentsGiveTheSameBytes) {
  const auto files = GeneratedVerilog({.model = residual_network()}).files();
  EXPECT_EQ(files, GeneratedVerilog({.model = residual_network()}).files());
}

TEST(GeneratedVerilog, AMultiplierWithoutANetlistIsRefusedByName) {
  const model::Int8Model model = perceptron();
  arith::NamedMultiplier table = *arith::find_multiplier("1KVP");
  table.name = "mine";
  table.netlist.reset();
  const std::vector<const arith::NamedMultiplier*> multipliers(3, &table);
  try {
    generate_verilog(
        model, multipliers,
        {.images = std::vector<std::int8_t>(25), .logits = std::vector<std::int8_t>(3), .count = 1},
        {.parallel_outputs = {1, 1, 1}});
    FAIL() << "accepted a table";
  } catch (const base::InputError& error) {
    EXPECT_STREQ(error.what(),
                 "mine: found a multiplier without a netlist, expected one that was imported as a "
                 "circuit");
  }
}

}  // namespace
}  // namespace deepaxe::hw::verilog
