#include "deepaxe/frontend/keras/network.h"

#include <gtest/gtest.h>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/graph_builder.h"
#include "deepaxe/frontend/keras/weights.h"

namespace deepaxe::frontend::keras {
namespace {

std::string refusal(const char* text) {
  try {
    const Network network = parse_network(Json::parse(text), "net.keras");
    (void)build_graph(network, "net.keras", false);
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

void expect_refused(const char* json, std::initializer_list<const char*> words) {
  const std::string text = refusal(json);
  for (const char* word : words)
    EXPECT_NE(text.find(word), std::string::npos) << word << " in: " << text;
}

TEST(ParseNetwork, ReadsTheListOfAKeras1Sequential) {
  const Network network = parse_network(Json::parse(R"({"class_name": "Sequential", "config": [
        {"class_name": "Dense", "config": {"name": "fc", "output_dim": 3, "input_dim": 4}}]})"),
                                        "old.h5");
  ASSERT_EQ(network.layers.size(), 1U);
  EXPECT_TRUE(network.sequential);
  EXPECT_EQ(network.layers[0].config["units"], 3);
}

TEST(ParseNetwork, ReadsCallsOfBothFormats) {
  const Network network = parse_network(Json::parse(R"({"class_name": "Functional", "config": {
      "layers": [
        {"class_name": "Add", "name": "old", "config": {},
         "inbound_nodes": [[["a", 0, 0, {}], ["b", 1, 0, {}]], [["c", 0, 0, {}], ["d", 0, 0, {}]]]},
        {"class_name": "Add", "name": "new", "config": {}, "inbound_nodes": [{"kwargs": {}, "args": [[
          {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}},
          {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 1, 0]}}]]}]}],
      "input_layers": ["a", 0, 0], "output_layers": [["new", 0, 0]]}})"),
                                        "net.keras");
  ASSERT_EQ(network.layers[0].calls.size(), 2U);
  ASSERT_EQ(network.layers[1].calls.size(), 1U);
  for (const Layer& layer : network.layers) {
    ASSERT_EQ(layer.calls[0].size(), 2U);
    EXPECT_EQ(layer.calls[0][1].layer, "b");
    EXPECT_EQ(layer.calls[0][1].call, 1);
  }
  EXPECT_EQ(network.inputs.at(0).layer, "a");
  EXPECT_EQ(network.outputs.at(0).layer, "new");
}

// As tf.keras writes it: the making of a nested model was its call 0.
TEST(ParseNetwork, CountsTheCallsOfANestedModelFromTheFirstListed) {
  const Network network = parse_network(Json::parse(R"({"class_name": "Functional", "config": {
      "layers": [
        {"class_name": "InputLayer", "name": "in", "config": {}, "inbound_nodes": []},
        {"class_name": "ReLU", "name": "twice", "config": {},
         "inbound_nodes": [[["in", 0, 0, {}]], [["twice", 1, 0, {}]]]}],
      "input_layers": [["in", 0, 0]], "output_layers": [["twice", 2, 0]]}})"),
                                        "net.h5");
  EXPECT_EQ(network.layers[1].calls[0][0].call, 0);  // Of "in".
  EXPECT_EQ(network.layers[1].calls[1][0].call, 0);
  EXPECT_EQ(network.outputs[0].call, 1);
}

TEST(ParseNetwork, RefusesUnknownLayersByNameAndClass) {
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "LSTM", "config": {"name": "memory"}}]}})",
                 {"net.keras", "layer memory", "LSTM", "one of"});
}

TEST(ParseNetwork, AdvisesWhatToDoAboutQuantizersAndCustomClasses) {
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "QConv2D", "config": {"name": "q"}}]}})",
                 {"layer q", "QConv2D", "int8 .tflite"});
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "Conv2D", "registered_name": "mine>Conv2D", "config": {"name": "c"}}]}})",
                 {"layer c", "mine>Conv2D"});
}

TEST(ParseNetwork, RefusesJsonThatIsNoModel) {
  expect_refused(R"({})", {"no class_name"});
  expect_refused(R"({"class_name": "Dense", "config": {}})", {"class Dense", "Sequential"});
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": []}})", {"no layers"});
  expect_refused(R"({"class_name": "Sequential", "config": 3})", {"list of layers"});
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": [7]}})", {"class_name"});
}

TEST(BuildGraph, NamesLayerAndFieldOfAWrongValue) {
  const auto layer = [](const std::string& config) {
    return R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "Conv2D", "config":
      {"name": "c1", "batch_input_shape": [null, 8, 8, 1], )" +
           config + "}}]}}";
  };
  expect_refused(layer(R"("filters": "many", "kernel_size": 3)").c_str(),
                 {"layer c1, field filters", "many", "integer"});
  expect_refused(layer(R"("filters": 4)").c_str(), {"field kernel_size"});
  expect_refused(layer(R"("filters": 4, "kernel_size": [3, 3], "padding": "full")").c_str(),
                 {"layer c1", "same or valid"});
  expect_refused(layer(R"("filters": 4, "kernel_size": [3, 3])").c_str(),
                 {"layer c1", "0 arrays of weights", "expected 2"});
}

TEST(BuildGraph, RefusesUnknownInputSizesAndLoops) {
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, null, 28, 1]}}]}})",
                 {"layer in", "known sizes"});
  expect_refused(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "in", "config": {"batch_shape": [null, 4]},
       "inbound_nodes": []},
      {"class_name": "ReLU", "name": "a", "config": {}, "inbound_nodes": [[["b", 0, 0, {}]]]},
      {"class_name": "ReLU", "name": "b", "config": {}, "inbound_nodes": [[["a", 0, 0, {}]]]}],
      "input_layers": [["in", 0, 0]], "output_layers": [["b", 0, 0]]}})",
                 {"of b", "can be computed"});
}

TEST(BuildGraph, RefusesASecondInputAndASecondOutput) {
  expect_refused(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [null, 4]}},
      {"class_name": "InputLayer", "name": "y", "config": {"batch_shape": [null, 4]}}],
      "input_layers": [["x", 0, 0], ["y", 0, 0]], "output_layers": [["x", 0, 0]]}})",
                 {"layer y", "second input"});
  expect_refused(R"({"class_name": "Functional", "config": {"layers": [
      {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [null, 4]}},
      {"class_name": "ReLU", "name": "a", "config": {}, "inbound_nodes": [[["x", 0, 0, {}]]]}],
      "input_layers": [["x", 0, 0]], "output_layers": [["x", 0, 0], ["a", 0, 0]]}})",
                 {"2 outputs"});
}

TEST(SnakeCase, IsThatOfKeras) {
  EXPECT_EQ(snake_case("Conv2D"), "conv2d");
  EXPECT_EQ(snake_case("MaxPooling2D"), "max_pooling2d");
  EXPECT_EQ(snake_case("ReLU"), "re_lu");
  EXPECT_EQ(snake_case("PReLU"), "p_re_lu");
  EXPECT_EQ(snake_case("BatchNormalization"), "batch_normalization");
  EXPECT_EQ(snake_case("DepthwiseConv2D"), "depthwise_conv2d");
}

TEST(BuildGraph, RefusesModelsInModelsThatMultiplyTheirCalls) {
  std::string twice = R"({"class_name": "Dropout", "config": {"name": "inner"}})";
  for (int depth = 0; depth < 20; ++depth) {  // Each calls the one before twice.
    twice = R"({"class_name": "Functional", "name": "n", "config": {"name": "n", "layers": [
        {"class_name": "InputLayer", "name": "i", "config": {}, "inbound_nodes": []}, )" +
            twice.substr(0, twice.size() - 1) + R"(, "name": "inner",
        "inbound_nodes": [[["i", 0, 0]], [["inner", 0, 0]]]}],
        "input_layers": [["i", 0, 0]], "output_layers": [["inner", 1, 0]]}})";
  }
  const std::string root = R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 4]}}, )" +
                           twice + "]}}";
  expect_refused(root.c_str(), {"calls of layers"});
}

TEST(ParseNetwork, RefusesMoreLayersThanAnyNetworkHas) {
  std::string layers = R"({"class_name": "Dropout", "config": {}})";
  for (int doubling = 0; doubling < 13; ++doubling) layers += "," + layers;
  const std::string json =
      R"({"class_name": "Sequential", "config": {"layers": [)" + layers + "]}}";
  expect_refused(json.c_str(), {"8192 layers"});
}

TEST(BuildGraph, RefusesSizesThatNoIntHolds) {
  const auto model = [](const std::string& layer) {
    return R"({"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 4, 4, 2]}}, )" +
           layer + "]}}";
  };
  for (const char* layer :
       {R"({"class_name": "ZeroPadding2D", "config": {"padding": [2000000000, 2000000000]}})",
        R"({"class_name": "MaxPooling2D", "config": {"pool_size": [1073741824, 1]}})",
        R"({"class_name": "Permute", "config": {"dims": [-2147483648, 1, 2]}})",
        R"({"class_name": "Softmax", "config": {"axis": 2147483647}})",
        R"({"class_name": "Reshape", "config": {"target_shape": [1000000000, 1000000000, -1]}})"}) {
    EXPECT_NE(refusal(model(layer).c_str()), "accepted") << layer;
  }
}

// 2^28 channels out of 300 bytes: their factors alone would take 2 GiB.
TEST(BuildGraph, RefusesToWriteOutMoreWeightsThanTheFileHolds) {
  expect_refused(R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 16384, 16384]}},
      {"class_name": "Flatten", "config": {}},
      {"class_name": "Rescaling", "config": {"name": "scaled", "scale": 2}}]}})",
                 {"layer scaled", "weights more"});
}

}  // namespace
}  // namespace deepaxe::frontend::keras
