#include "deepaxe/hw/verilog/top_ports.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "deepaxe/hw/design/weight_traffic.h"

namespace deepaxe::hw::verilog {
namespace {

// image -> convolution 3x3 -> dense; only shapes matter.
class TwoLayers : public testing::Test {
 protected:
  TwoLayers() {
    add("in", model::Input{}, {4, 4, 2});
    add("conv", model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}}, {2, 2, 5});
    add("flat", model::Reshape{}, {20});
    add("fc", model::Dense{}, {3});
    plan_ = design::make_plan(model_, [](std::string_view) { return false; });
    for (const auto& layer : plan_.layers) layers_.push_back(make_layer_module(model_, layer, 2));
  }
  void add(const std::string& name, model::Op op, model::Shape shape) {
    model::Int8Node node;
    node.name = name;
    node.op = std::move(op);
    if (!model_.nodes.empty()) node.inputs = {static_cast<int>(model_.nodes.size()) - 1};
    node.shape = std::move(shape);
    model_.nodes.push_back(std::move(node));
    model_.output = static_cast<int>(model_.nodes.size()) - 1;
  }

  model::Int8Model model_;
  design::DesignPlan plan_;
  std::vector<LayerModule> layers_;
};

TEST_F(TwoLayers, HaveAStreamOnlyWhereWeightsComeFromOutside) {
  const std::size_t without = top_ports(layers_).size();
  layers_[1].has_weight_stream = true;
  const std::vector<TopPort> ports = top_ports(layers_);
  EXPECT_EQ(ports.size(), without + 3);
  const auto data = std::ranges::find(ports, "s_axis_fc_weights_tdata", &TopPort::name);
  ASSERT_NE(data, ports.end());
  EXPECT_EQ(data->bits, 8 * 2);
  std::set<std::string> names;
  for (const TopPort& port : ports) names.insert(port.name);
  EXPECT_EQ(names.size(), ports.size());
}

// By hand: 5 outputs are 3 groups of 2 lanes, of which one idles in the last.
TEST_F(TwoLayers, ReadWeightsAnewForEveryPosition) {
  const auto conv = design::weight_traffic(layers_[0].walk);
  EXPECT_EQ(conv.bytes_per_image, 2 * 2 * 3 * (3 * 3 * 2) * 2);
  EXPECT_EQ(conv.bytes_per_cycle, 2);
  EXPECT_EQ(design::weight_traffic(layers_[1].walk).bytes_per_image, 2 * 20 * 2);
  EXPECT_DOUBLE_EQ(conv.mean_bytes_per_second(432, 1e8), 1e8);
}

}  // namespace
}  // namespace deepaxe::hw::verilog
