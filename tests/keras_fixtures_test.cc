// Every layer and file format of the Keras import, on small networks whose answers Keras itself has
// given (tools/make_keras_fixtures.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "deepaxe/base/npy.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/frontend/keras/keras.h"

namespace deepaxe {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(DEEPAXE_SOURCE_DIR) / "tests/keras_fixtures";

std::vector<float> read_floats(const fs::path& path) {
  const std::vector<double> values = base::read_npy(path).as_doubles();
  return {values.begin(), values.end()};
}

double largest(const std::vector<float>& values) {
  double result = 0;
  for (const float value : values) result = std::max(result, std::abs(static_cast<double>(value)));
  return result;
}

// Float32 sums in another order than Keras': a few units in the last place.
constexpr double kTolerance = 1e-5;

class KerasFixture : public testing::TestWithParam<std::string> {};

TEST_P(KerasFixture, GivesTheLogitsOfKeras) {
  const fs::path file = kFolder / GetParam();
  const std::string name = GetParam().substr(0, GetParam().find('.'));
  const std::vector<float> images = read_floats(kFolder / (name + ".input.npy"));
  const std::vector<float> expected = read_floats(kFolder / (name + ".logits.npy"));
  frontend::keras::KerasOptions options;
  if (fs::exists(kFolder / (name + ".json"))) options.config = kFolder / (name + ".json");
  const model::FloatModel model = frontend::keras::load_keras(file, options);
  const std::vector<float> logits = engine::evaluate_float(model, images, {}, 1).logits;
  ASSERT_EQ(logits.size(), expected.size());
  for (std::size_t i = 0; i < logits.size(); ++i) {
    ASSERT_NEAR(logits[i], expected[i], kTolerance * largest(expected)) << "logit " << i;
  }
}

std::vector<std::string> fixture_files() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(kFolder)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".h5" || extension == ".keras") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& fixture) {
  std::string name = fixture.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, KerasFixture, testing::ValuesIn(fixture_files()), test_name);

// Affine nodes left in the graph: only the batch normalization before a padded convolution, whose
// zeros would have to become other numbers.
TEST(KerasFixtures, FoldEveryBatchNormalizationButThatBeforePadding) {
  const model::FloatModel model = frontend::keras::load_keras(kFolder / "batch_norm.keras");
  const auto is_affine = [](const model::FloatNode& node) {
    return std::holds_alternative<model::Affine>(node.op);
  };
  EXPECT_EQ(std::count_if(model.nodes.begin(), model.nodes.end(), is_affine), 1);
  EXPECT_TRUE(is_affine(model.nodes[1]));
}

TEST(KerasFixtures, SharedLayersBecomeOneNodeForEachCall) {
  const model::FloatModel model = frontend::keras::load_keras(kFolder / "shared.keras");
  const auto find = [&](const std::string& name) {
    return std::find_if(model.nodes.begin(), model.nodes.end(),
                        [&](const model::FloatNode& node) { return node.name == name; });
  };
  ASSERT_NE(find("shared"), model.nodes.end());
  ASSERT_NE(find("shared@1"), model.nodes.end());
  EXPECT_EQ(find("shared")->weights, find("shared@1")->weights);
  EXPECT_NE(find("shared@1/relu"), model.nodes.end());
}

TEST(KerasFixtures, ChannelsFirstLeavesNoPermuteBehind) {
  for (const char* file : {"channels_first.h5", "keras1_th.h5", "keras1_th_theano.h5"}) {
    const model::FloatModel model = frontend::keras::load_keras(kFolder / file);
    EXPECT_EQ(model.input_shape().back(), 2) << file;  // Channels last.
    for (const model::FloatNode& node : model.nodes) {
      EXPECT_FALSE(std::holds_alternative<model::Permute>(node.op)) << file << ' ' << node.name;
    }
  }
}

}  // namespace
}  // namespace deepaxe
