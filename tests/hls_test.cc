// Generated C++ against the engine: random small networks, both forms, several compilers.
#include "deepaxe/hw/hls/hls.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/model/graph.h"
#include "random_networks.h"

namespace deepaxe::hw::hls {
namespace {

namespace fs = std::filesystem;
using model::Int8Model;

constexpr int kNumImages = 200;

// A generated design in a folder of its own, removed at the end.
class GeneratedDesign {
 public:
  GeneratedDesign(const Int8Model& model, const std::string& assignment_text, MultiplierForm form)
      : folder_(fs::temp_directory_path() / ("deepaxe_hls_" + std::to_string(::getpid()))) {
    const engine::Int8Engine engine(model);
    const engine::Assignment assignment = engine::parse_assignment(assignment_text, model);
    const base::CounterRng rng(3);
    design::TestVectors vectors{.images = {}, .logits = {}, .count = kNumImages};
    for (std::size_t i = 0; i < kNumImages * model::num_elements(model.input_shape()); ++i) {
      vectors.images.push_back(static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128));
    }
    vectors.logits = engine::evaluate(engine, assignment, vectors.images, {}, 1).logits;
    std::vector<const arith::NamedMultiplier*> multipliers;
    multipliers.reserve(assignment.multipliers.size());
    for (const auto& multiplier : assignment.multipliers) multipliers.push_back(multiplier.get());
    files_ = generate_hls(model, multipliers, vectors, {.form = form});
    design::write_folder(folder_, files_);
  }
  GeneratedDesign(const GeneratedDesign&) = delete;
  GeneratedDesign& operator=(const GeneratedDesign&) = delete;
  ~GeneratedDesign() { fs::remove_all(folder_); }

  const design::SourceFiles& files() const { return files_; }
  const fs::path& folder() const { return folder_; }

  // `make TARGET`: exit code and output.
  std::pair<int, std::string> make(const std::string& target, const std::string& compiler,
                                   const std::string& flags) const {
    const auto result =
        base::run_program({"make", "-B", "-C", folder_.string(), target, "CXX=" + compiler,
                           "CXXFLAGS=-Wall -Wextra -Werror " + flags},
                          {.seconds = 300});
    return {result.exit_code,
            std::string(reinterpret_cast<const char*>(result.output.data()), result.output.size())};
  }

 private:
  fs::path folder_;
  design::SourceFiles files_;
};

void expect_agreement(const GeneratedDesign& design, const std::string& compiler,
                      const std::string& flags) {
  const auto [exit_code, output] = design.make("test", compiler, flags);
  EXPECT_EQ(exit_code, 0) << compiler << " " << flags << "\n" << output;
  EXPECT_NE(output.find("200 images, 0 differing logits"), std::string::npos) << output;
}

bool has_program(const std::string& name) {
  return base::run_program({name, "--version"}, {}).exit_code == 0;
}

struct Case {
  const char* name;
  Int8Model (*network)();
  const char* assignment;
  MultiplierForm form;
};

class GeneratedCode : public testing::TestWithParam<Case> {};

TEST_P(GeneratedCode, GivesTheEnginesLogitsUnderGccPlainOptimizedAndSanitized) {
  const GeneratedDesign design(GetParam().network(), GetParam().assignment, GetParam().form);
  expect_agreement(design, "g++", "-O0");
  expect_agreement(design, "g++", "-O2");
  expect_agreement(design, "g++", "-O1 -fsanitize=undefined,address -fno-sanitize-recover=all");
}

TEST_P(GeneratedCode, GivesTheEnginesLogitsUnderClang) {
  if (!has_program("clang++-16")) GTEST_SKIP() << "clang++-16 is not installed";
  const GeneratedDesign design(GetParam().network(), GetParam().assignment, GetParam().form);
  expect_agreement(design, "clang++-16", "-O0");
  expect_agreement(design, "clang++-16", "-O2");
}

INSTANTIATE_TEST_SUITE_P(
    NetworksAndMultipliers, GeneratedCode,
    testing::Values(Case{"ConvolutionsExact", convolution_network, "exact", MultiplierForm::kGates},
                    Case{"ConvolutionsGates", convolution_network, "1KVP", MultiplierForm::kGates},
                    Case{"ConvolutionsMixedTables", convolution_network,
                         "conv2d_1=1KVP,depthwise_conv2d_4=1KV9", MultiplierForm::kTable},
                    Case{"GatesExact", gated_network, "exact", MultiplierForm::kGates},
                    Case{"BranchesExact", branching_network, "exact", MultiplierForm::kGates},
                    Case{"BranchesMixedGates", branching_network, "conv2d_2=1KV9,dense_12=1KVP",
                         MultiplierForm::kGates}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(GeneratedTestbench, AChangedExpectedLogitMakesItFailAndIsPrinted) {
  const GeneratedDesign design(branching_network(), "1KVP", MultiplierForm::kGates);
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
  const GeneratedDesign design(branching_network(), "exact", MultiplierForm::kGates);
  base::write_file_atomically(design.folder() / "vectors.txt",
                              std::string_view("images 1 inputs 36 logits 4\n1 2 x\n"));
  const auto [exit_code, output] = design.make("test", "g++", "-O0");
  EXPECT_NE(exit_code, 0);
  EXPECT_NE(output.find("vectors.txt: ends or is damaged at image 0"), std::string::npos) << output;
}

// The stream mode with tabulated gates gives the logits that the vectors expect.
TEST(GeneratedTestbench, StreamsAFileOfImagesThroughTabulatedGates) {
  const Int8Model model = branching_network();
  const GeneratedDesign design(model, "1KVP", MultiplierForm::kGates);
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
  const design::SourceFiles first =
      GeneratedDesign(convolution_network(), "1KV9", MultiplierForm::kGates).files();
  EXPECT_EQ(first, GeneratedDesign(convolution_network(), "1KV9", MultiplierForm::kGates).files());
}

TEST(Generation, TheAcceleratorIncludesNothingButCstdintAndItsOwnHeaders) {
  const GeneratedDesign design(convolution_network(), "1KVP", MultiplierForm::kGates);
  for (const auto& [name, text] : design.files()) {
    if (name == "testbench.cpp" || name == "README.md") continue;
    for (std::size_t at = 0; (at = text.find("#include <", at)) != std::string::npos; ++at) {
      EXPECT_EQ(text.compare(at, 18, "#include <cstdint>"), 0) << name;
    }
  }
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
