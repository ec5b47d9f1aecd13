#include "deepaxe/model/print.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace deepaxe::model {
namespace {

template <typename Model>
Model dense_network() {
  Model model;
  model.nodes.resize(2);
  model.nodes[0].name = "in";
  model.nodes[0].shape = {4};
  model.nodes[1].name = "fc";
  model.nodes[1].op = Dense{};
  model.nodes[1].inputs = {0};
  model.nodes[1].shape = {3};
  model.nodes[1].weights.resize(12);
  model.nodes[1].bias.resize(3);
  model.output = 1;
  return model;
}

TEST(PrintTable, HasARowForEachNodeAHeaderAndATotal) {
  const std::string text = print_table(dense_network<FloatModel>());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_NE(text.find("fc"), std::string::npos);
  EXPECT_EQ(text.find(" \n"), std::string::npos) << "spaces at the end of a line";
}

TEST(PrintTable, TotalsAreSumsOfTheRows) {
  const std::string text = print_table(dense_network<FloatModel>());
  const std::string total = text.substr(text.find("total"));
  EXPECT_NE(total.find("12"), std::string::npos) << total;  // 4 * 3 MACs.
  EXPECT_NE(total.find("15"), std::string::npos) << total;  // And 3 biases.
}

TEST(PrintTable, Int8ModelsShowTheirQuantization) {
  auto model = dense_network<Int8Model>();
  model.nodes[1].quant = {.scale = 0.125F, .zero_point = -7};
  model.nodes[1].activation = {.kind = ActivationKind::kRelu, .max_value = 6, .has_max = true};
  const std::string text = print_table(model);
  EXPECT_NE(text.find("0.125"), std::string::npos) << text;
  EXPECT_NE(text.find("-7"), std::string::npos) << text;
  EXPECT_NE(text.find("relu max 6"), std::string::npos) << text;
}

TEST(Describe, MentionsOnlyWhatIsNotTheDefault) {
  EXPECT_EQ(describe(Conv2d{.window = {.kernel_h = 5, .kernel_w = 5}}), "5x5");
  EXPECT_EQ(describe(Conv2d{.window = {.kernel_h = 3, .kernel_w = 3, .stride_h = 2, .stride_w = 2},
                            .groups = 2}),
            "3x3 stride 2 groups 2");
  EXPECT_EQ(describe(Dense{}), "");
}

}  // namespace
}  // namespace deepaxe::model
