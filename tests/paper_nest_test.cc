// The loops of `--profile deephls`, read from the generated source, against the paper's cycles.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/hw/cost/paper_latency.h"
#include "deepaxe/hw/cost/test_networks.h"
#include "deepaxe/hw/hls/hls.h"

namespace deepaxe::hw::hls {
namespace {

using cost::everywhere;

struct ParsedLoop {
  std::int64_t trips = 0;
  std::int64_t interval = 0;  // 0: not pipelined.
  bool is_unrolled = false;   // Wholly.
};

struct ParsedLayer {
  std::string kind;               // The first word of the comment: "conv2d", "dense"...
  std::vector<ParsedLoop> loops;  // Outermost first: no layer has two loops side by side.
};

// The text of the line behind `mark`; none where the line has it not.
std::optional<std::string> behind(const std::string& line, std::string_view mark) {
  const std::size_t found = line.find(mark);
  if (found == std::string::npos) return std::nullopt;
  return line.substr(found + mark.size());
}

// Every function with loops, in the order of the source.
std::vector<ParsedLayer> parse(const std::string& source) {
  std::vector<ParsedLayer> layers;
  std::istringstream stream(source);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("// ")) {
      const auto kind = behind(line, ": ");
      if (kind) layers.push_back({.kind = kind->substr(0, kind->find_first_of(" ,")), .loops = {}});
    } else if (line.find("for (int ") != std::string::npos) {
      layers.back().loops.push_back({.trips = std::stoll(behind(line, " < ").value())});
    } else if (const auto interval = behind(line, "DEEPAXE_PIPELINE(")) {
      layers.back().loops.back().interval = std::stoll(*interval);
    } else if (const auto factor = behind(line, "DEEPAXE_UNROLL(")) {
      ParsedLoop& innermost = layers.back().loops.back();
      innermost.is_unrolled = std::stoll(*factor) == innermost.trips;
    }
  }
  return layers;
}

// What the law adds to the trip counts: cycles for a product of a dense layer, for the beginning
// and end of an output of a convolution, and for the network.
struct Constants {
  std::int64_t dense_product, convolution_output, network;
};

std::int64_t cycles_of(const ParsedLayer& layer, const Constants& constants) {
  const std::vector<ParsedLoop>& loops = layer.loops;
  if (layer.kind == "dense") {
    return loops.at(0).trips * (constants.dense_product * loops.at(1).trips + 3);
  }
  if (layer.kind == "flatten") {
    return loops.at(0).trips * (2 + loops.at(1).trips * (2 + 2 * loops.at(2).trips));
  }
  std::int64_t outer = 1;
  std::size_t pipelined = 0;
  while (loops.at(pipelined).interval == 0) outer *= loops[pipelined++].trips;
  const std::int64_t inner = loops[pipelined].interval * loops[pipelined].trips;
  for (std::size_t i = pipelined + 1; i < loops.size(); ++i) EXPECT_TRUE(loops[i].is_unrolled);
  return layer.kind == "max_pool" ? outer * inner : outer * (inner + constants.convolution_output);
}

std::int64_t cycles_from_source(const model::Int8Model& model, const std::string& multiplier,
                                const Constants& constants) {
  const auto files =
      generate_hls(model, everywhere(model, multiplier), {}, {.profile = Profile::kDeephls});
  std::int64_t sum = constants.network;
  for (const ParsedLayer& layer : parse(files.at("accelerator.cpp"))) {
    sum += cycles_of(layer, constants);
  }
  return sum;
}

std::int64_t law(const model::Int8Model& model, const std::string& multiplier) {
  return cost::PaperLaw(model).cycles(everywhere(model, multiplier)).value();
}

// A model of zeros whose scales can be generated.
model::Int8Model with_scales(model::Int8Model model) {
  for (model::Int8Node& node : model.nodes) {
    if (is_computing(node.op)) node.weight_scales = {0.01F};
  }
  return model;
}

TEST(PaperNest, TripCountsOfLenet5GiveThePapersCycles) {
  const model::Int8Model model = with_scales(cost::lenet5());
  EXPECT_EQ(cycles_from_source(model, "exact", {4, 6, 30}), law(model, "exact"));
  EXPECT_EQ(cycles_from_source(model, "1KVP", {3, 6, 30}), law(model, "1KVP"));
}

// One of the two 8x8x192 convolutions takes a cycle more per output, which no nest explains.
TEST(PaperNest, TripCountsOfAlexnetGiveThePapersCycles) {
  const model::Int8Model model = with_scales(cost::alexnet());
  EXPECT_EQ(cycles_from_source(model, "exact", {4, 8, 32}) + 8 * 8 * 192, law(model, "exact"));
  EXPECT_EQ(cycles_from_source(model, "1KVP", {3, 8, 32}), law(model, "1KVP"));
}

// The paper's 1,558 cycles of the first layer, constant included, are none of its nest.
TEST(PaperNest, TripCountsOfTheMlpGiveThePapersCyclesButForItsFirstLayer) {
  const model::Int8Model model = with_scales(cost::mlp3());
  const std::int64_t first_layer = 256 * (4 * 784 + 3);
  const std::int64_t flatten = 28 * (2 + 28 * (2 + 2 * 1));
  EXPECT_EQ(cycles_from_source(model, "exact", {4, 0, 1558}) - first_layer - flatten,
            law(model, "exact"));
}

}  // namespace
}  // namespace deepaxe::hw::hls
