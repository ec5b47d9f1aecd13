// Generated C++ against the engine: random small networks, every form and nest, several compilers.
#include "deepaxe/hw/hls/hls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/model/graph.h"
#include "generated_hls.h"
#include "random_networks.h"

namespace deepaxe::hw::hls {
namespace {

using model::Int8Model;

const std::string kVitis = "-DDEEPAXE_HLS_VITIS -Wno-unknown-pragmas ";
const std::string kBambu = "-DDEEPAXE_HLS_BAMBU ";
const std::string kSanitized = "-fsanitize=undefined,address -fno-sanitize-recover=all";

struct Case {
  const char* name;
  Int8Model (*network)();
  const char* assignment;
  HlsParams params = {};
};

class GeneratedCode : public testing::TestWithParam<Case> {
 protected:
  GeneratedHls design_{GetParam().network(), GetParam().assignment, GetParam().params};
};

TEST_P(GeneratedCode, GivesTheEnginesCodesOfEveryLayerUnderGccInEveryDialect) {
  design_.expect_every_layer("g++", "-O0");
  design_.expect_every_layer("g++", kVitis + "-O2");
  design_.expect_every_layer("g++", kBambu + "-O1 " + kSanitized);
}

TEST_P(GeneratedCode, GivesTheEnginesCodesOfEveryLayerUnderClang) {
  if (!has_program("clang++-16")) GTEST_SKIP() << "clang++-16 is not installed";
  design_.expect_every_layer("clang++-16", "-O0");
  design_.expect_every_layer("clang++-16", kBambu + "-O2");
  design_.expect_every_layer("clang++-16", kVitis + "-O1 " + kSanitized);
}

INSTANTIATE_TEST_SUITE_P(
    NetworksAndMultipliers, GeneratedCode,
    testing::Values(
        Case{"ConvolutionsExact", convolution_network, "exact"},
        Case{"ConvolutionsMixedTables",
             convolution_network,
             "conv2d_1=1KVP,depthwise_conv2d_4=1KV9",
             {.form = MultiplierForm::kTable}},
        Case{"ConvolutionsBlackBoxes", convolution_network, "1KVP", {.form = MultiplierForm::kRtl}},
        Case{"ConvolutionsByOutputUnrolled",
             convolution_network,
             "1KVP",
             {.loops = {.order = LoopOrder::kOutput, .unroll = 2},
              .parallel_outputs = {3, 1, 2, 4}}},
        Case{
            "ConvolutionsByInput",
            convolution_network,
            "1KVP",
            {.loops = {.order = LoopOrder::kInput, .unroll = 3}, .parallel_outputs = {2, 2, 1, 1}}},
        Case{"GatesWholeWindows",
             gated_network,
             "exact",
             {.loops = {.pipeline = Pipeline::kWindow}}},
        Case{"BranchesMixedGates", branching_network, "conv2d_2=1KV9,dense_12=1KVP"},
        Case{"PerceptronByOutput",
             perceptron,
             "1KV9",
             {.loops = {.order = LoopOrder::kOutput, .pipeline = Pipeline::kNone},
              .parallel_outputs = {4, 5, 3}}},
        Case{"BranchesDeephls", branching_network, "1KVP", {.profile = Profile::kDeephls}},
        Case{"TinyDeephls", tiny_network, "1KVP", {.profile = Profile::kDeephls}}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(GeneratedTestbench, AChangedExpectedLogitMakesItFailAndIsPrinted) {
  const GeneratedHls design(branching_network(), "1KVP", {});
  std::string vectors = design.files().at("vectors.txt");
  const std::size_t last_digit = vectors.size() - 2;
  vectors[last_digit] = vectors[last_digit] == '0' ? '1' : '0';
  base::write_file_atomically(design.folder() / "vectors.txt", vectors);
  const auto [exit_code, output] = design.make("test", "g++", "-O0");
  EXPECT_NE(exit_code, 0);
  EXPECT_NE(output.find("image 199 logit 3: "), std::string::npos) << output;
  EXPECT_NE(output.find("200 images, 1 differing logits of 800"), std::string::npos) << output;
}

TEST(GeneratedTestbench, ADamagedVectorFileIsNamed) {
  const GeneratedHls design(branching_network(), "exact", {});
  base::write_file_atomically(design.folder() / "vectors.txt",
                              std::string_view("images 1 inputs 36 logits 4\n1 2 x\n"));
  const auto [exit_code, output] = design.make("test", "g++", "-O0");
  EXPECT_NE(exit_code, 0);
  EXPECT_NE(output.find("vectors.txt: ends or is damaged at image 0"), std::string::npos) << output;
}

// The stream mode with tabulated gates gives the logits that the vectors expect.
TEST(GeneratedTestbench, StreamsAFileOfImagesThroughTabulatedGates) {
  const Int8Model model = branching_network();
  const GeneratedHls design(model, "1KVP", {});
  const auto [exit_code, output] = design.make("fast", "g++", "-O2");
  ASSERT_EQ(exit_code, 0) << output;
  const std::vector<std::int8_t> images(3 * 36, 5);
  base::write_file_atomically(design.folder() / "images.bin", std::as_bytes(std::span(images)));
  const auto run = base::run_program(
      {(design.folder() / "build/testbench_fast").string(),
       (design.folder() / "images.bin").string(), (design.folder() / "logits.bin").string()},
      {});
  ASSERT_EQ(run.exit_code, 0);
  const engine::Int8Engine engine(model);
  const auto expected =
      engine::evaluate(engine, engine::parse_assignment("1KVP", model), images, {}, 1).logits;
  const auto bytes = base::read_file(design.folder() / "logits.bin");
  EXPECT_TRUE(std::ranges::equal(bytes, std::as_bytes(std::span(expected))));
}

TEST(Generation, TheSameArgumentsGiveTheSameBytes) {
  const design::SourceFiles first = GeneratedHls(convolution_network(), "1KV9", {}).files();
  EXPECT_EQ(first, GeneratedHls(convolution_network(), "1KV9", {}).files());
}

TEST(Generation, TheAcceleratorIncludesNothingButCstdintAndItsOwnHeaders) {
  const GeneratedHls design(convolution_network(), "1KVP", {});
  for (const auto& [name, text] : design.files()) {
    if (name == "testbench.cpp" || name == "README.md" || name == "vitis.tcl") continue;
    for (std::size_t at = 0; (at = text.find("#include <", at)) != std::string::npos; ++at) {
      EXPECT_EQ(text.compare(at, 18, "#include <cstdint>"), 0) << name;
    }
  }
}

TEST(Generation, TheReadmeNamesTheLoopsAndTheOutputsOfEachLayer) {
  HlsParams params;
  params.loops = {.order = LoopOrder::kInput, .pipeline = Pipeline::kWindow, .unroll = 3};
  params.parallel_outputs = {1, 2, 4, 2};
  const std::string readme =
      GeneratedHls(convolution_network(), "1KVP", params).files().at("README.md");
  for (const char* expected : {"--loop-order input", "--pipeline window", "3 (`--unroll`)"}) {
    EXPECT_NE(readme.find(expected), std::string::npos) << expected << " in\n" << readme;
  }
  EXPECT_NE(readme.find("| 4 | 1KVP"), std::string::npos) << readme;
}

TEST(Generation, RefusesAWrongNumberOfMultipliersAndNamesBothNumbers) {
  try {
    generate_hls(convolution_network(), {}, {}, {});
    FAIL() << "accepted no multipliers";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "0 multipliers, expected 4, one for each computing layer");
  }
}

}  // namespace
}  // namespace deepaxe::hw::hls
