#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "deepaxe/base/input_error.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::model {
namespace {

FloatModel valid_model() {
  FloatModel model;
  model.nodes.resize(2);
  model.nodes[0].name = "in";
  model.nodes[0].shape = {4};
  model.nodes[1].name = "fc";
  model.nodes[1].op = Dense{};
  model.nodes[1].inputs = {0};
  model.nodes[1].shape = {3};
  model.nodes[1].weights.assign(12, 1.0F);
  model.nodes[1].bias.assign(3, 0.0F);
  model.output = 1;
  return model;
}

Int8Model valid_int8() {
  Int8Model model;
  model.nodes.resize(2);
  model.nodes[0].name = "in";
  model.nodes[0].shape = {4};
  model.nodes[1].name = "fc";
  model.nodes[1].op = Dense{};
  model.nodes[1].inputs = {0};
  model.nodes[1].shape = {3};
  model.nodes[1].weights.assign(12, 1);
  model.nodes[1].bias.assign(3, 0);
  model.nodes[1].weight_scales.assign(3, 0.5F);
  model.output = 1;
  return model;
}

template <typename Model>
std::string message(Model model, const std::function<void(Model&)>& change) {
  change(model);
  try {
    validate(model, "net.h5");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Validate, AcceptsASoundModel) {
  EXPECT_NO_THROW(validate(valid_model(), "net.h5"));
  EXPECT_NO_THROW(validate(valid_int8(), "net.tflite"));
}

TEST(Validate, NamesFileLayerFoundAndExpected) {
  const std::string text =
      message<FloatModel>(valid_model(), [](FloatModel& m) { m.nodes[1].bias.resize(2); });
  EXPECT_NE(text.find("net.h5"), std::string::npos) << text;
  EXPECT_NE(text.find("layer fc"), std::string::npos) << text;
  EXPECT_NE(text.find("2 biases"), std::string::npos) << text;
  EXPECT_NE(text.find('3'), std::string::npos) << text;
}

TEST(Validate, RefusesEveryKindOfBrokenFloatGraph) {
  const std::vector<std::function<void(FloatModel&)>> breakers = {
      [](FloatModel& m) { m.nodes.clear(); },
      [](FloatModel& m) { m.nodes[1].inputs = {1}; },
      [](FloatModel& m) { m.nodes[1].inputs = {-1}; },
      [](FloatModel& m) { m.nodes[1].inputs = {}; },
      [](FloatModel& m) { m.nodes[1].name = "in"; },
      [](FloatModel& m) { m.nodes[1].op = Input{}; },
      [](FloatModel& m) { m.nodes[1].shape = {4}; },
      [](FloatModel& m) { m.nodes[1].weights.pop_back(); },
      [](FloatModel& m) { m.nodes[0].shape = {0}; },
      [](FloatModel& m) { m.nodes[1].weights[0] = std::numeric_limits<float>::quiet_NaN(); },
      [](FloatModel& m) { m.output = 2; },
  };
  for (std::size_t i = 0; i < breakers.size(); ++i) {
    EXPECT_NE(message<FloatModel>(valid_model(), breakers[i]), "accepted") << "breaker " << i;
  }
}

TEST(Validate, RefusesEveryKindOfBrokenInt8Graph) {
  const std::vector<std::function<void(Int8Model&)>> breakers = {
      [](Int8Model& m) { m.nodes[1].quant.scale = 0; },
      [](Int8Model& m) { m.nodes[1].quant.zero_point = 128; },
      [](Int8Model& m) { m.nodes[1].clamp_low = 128; },
      [](Int8Model& m) { m.nodes[1].bias.clear(); },
      [](Int8Model& m) { m.nodes[1].weight_scales.resize(2); },
      [](Int8Model& m) { m.nodes[1].weight_scales[2] = -1; },
  };
  for (std::size_t i = 0; i < breakers.size(); ++i) {
    EXPECT_NE(message<Int8Model>(valid_int8(), breakers[i]), "accepted") << "breaker " << i;
  }
}

}  // namespace
}  // namespace deepaxe::model
