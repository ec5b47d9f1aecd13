#include "deepaxe/hw/design/plan.h"

#include <gtest/gtest.h>

#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::design {
namespace {

bool is_new(std::string_view name) { return name == "new"; }

model::Int8Node make_node(const std::string& name, model::Op op, std::vector<int> inputs,
                          model::Shape shape) {
  model::Int8Node node;
  node.name = name;
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.shape = std::move(shape);
  return node;
}

// image -> pool -> flatten -> reshape -> dense -> softmax, and a pool nobody reads.
model::Int8Model small_network() {
  model::Int8Model model;
  model.name = "small";
  model.nodes = {make_node("in", model::Input{}, {}, {2, 2, 1}),
                 make_node("new", model::Pool{.window = {}}, {0}, {2, 2, 1}),
                 make_node("flat", model::Reshape{}, {1}, {4}),
                 make_node("again", model::Reshape{}, {2}, {4}),
                 make_node("dense", model::Dense{}, {3}, {2}),
                 make_node("unread", model::Pool{.window = {}}, {0}, {2, 2, 1}),
                 make_node("softmax", model::Softmax{}, {4}, {2})};
  model.output = 6;
  return model;
}

TEST(Plan, ReadersOfAReshapeReadTheMemoryItRenames) {
  const DesignPlan plan = make_plan(small_network(), is_new);
  ASSERT_EQ(plan.layers.size(), 2U);
  EXPECT_EQ(plan.layers[0].name, "new_layer");  // `new` is reserved.
  EXPECT_EQ(plan.layers[0].sources, std::vector<std::string>{"image"});
  EXPECT_EQ(plan.layers[1].sources, std::vector<std::string>{"new_layer_codes"});
  EXPECT_EQ(plan.layers[1].target, "logits");
  EXPECT_EQ(plan.layers[1].computing_index, 0);
}

TEST(Plan, AReshapeOfTheLastLayerGivesTheLogitsToo) {
  model::Int8Model model = small_network();
  model.nodes.pop_back();
  model.nodes.push_back(make_node("last", model::Reshape{}, {4}, {1, 2}));
  EXPECT_EQ(make_plan(model, is_new).layers.back().target, "logits");
}

TEST(Plan, ALayerWithoutHardwareIsRefusedByNameAndOp) {
  model::Int8Model model = small_network();
  model.nodes[1].op = model::Affine{};
  try {
    make_plan(model, is_new);
    FAIL() << "accepted an affine";
  } catch (const base::InputError& error) {
    EXPECT_STREQ(error.what(),
                 "small: new: found affine, expected a layer that hardware is generated for");
  }
}

TEST(Plan, APoolThatChangesTheScaleIsRefusedWithBothScales) {
  model::Int8Model model = small_network();
  model.nodes[1].quant = {.scale = 0.5F, .zero_point = 3};
  try {
    make_plan(model, is_new);
    FAIL() << "accepted a pool that changes the scale";
  } catch (const base::InputError& error) {
    EXPECT_STREQ(error.what(),
                 "small: new: found scale 0.5 and zero point 3, expected those of its input, 1 "
                 "and 0");
  }
}

TEST(UniqueLayerName, AvoidsReservedAndTakenNames) {
  std::vector<std::string> taken;
  EXPECT_EQ(unique_layer_name("conv", taken, is_new), "conv");
  EXPECT_EQ(unique_layer_name("conv", taken, is_new), "conv_2");
  EXPECT_EQ(unique_layer_name("new", taken, is_new), "new_layer");
}

}  // namespace
}  // namespace deepaxe::hw::design
