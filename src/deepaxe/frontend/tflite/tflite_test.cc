#include "deepaxe/frontend/tflite/tflite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::tflite {
namespace {

using model::Int8Node;

Int8Node make_node(std::string name, model::Op op, std::vector<int> inputs, model::Shape shape,
                   quant::QuantParams params) {
  Int8Node node;
  node.name = std::move(name);
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.shape = std::move(shape);
  node.quant = params;
  return node;
}

void fill_computing(Int8Node& node, std::size_t num_weights, bool per_channel) {
  const auto channels = static_cast<std::size_t>(model::num_channels(node.shape));
  for (std::size_t i = 0; i < num_weights; ++i) {
    node.weights.push_back(static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127));
  }
  for (std::size_t o = 0; o < channels; ++o) {
    node.bias.push_back(static_cast<std::int32_t>(o * 100) - 50);
  }
  node.weight_scales.assign(per_channel ? channels : 1, 0.01F);
  const bool dense = std::holds_alternative<model::Dense>(node.op);
  node.rounding = dense ? quant::Rounding::kSingle : quant::Rounding::kDouble;
}

void fuse_relu6(Int8Node& node) {
  node.activation = {.kind = model::ActivationKind::kRelu, .max_value = 6, .has_max = true};
  node.clamp_low = quant::quantize(0, node.quant);
  node.clamp_high = quant::quantize(6, node.quant);
}

// One node of every kind that the format knows here.
model::Int8Model make_model() {
  constexpr quant::QuantParams kIn{.scale = 1.0F / 255, .zero_point = -128};
  constexpr quant::QuantParams kMiddle{.scale = 0.05F, .zero_point = -20};
  constexpr quant::QuantParams kLast{.scale = 0.1F, .zero_point = 3};
  model::Int8Model m{.name = "every_op", .nodes = {}, .output = 0};
  model::Window same{.kernel_h = 3, .kernel_w = 3, .stride_h = 2, .stride_w = 2};
  model::set_same_padding(same, 8, 8);
  m.nodes.push_back(make_node("image", model::Input{}, {}, {8, 8, 2}, kIn));
  m.nodes.push_back(
      make_node("conv", model::Conv2d{.window = same, .groups = 2}, {0}, {4, 4, 4}, kMiddle));
  fill_computing(m.nodes.back(), 36, true);
  fuse_relu6(m.nodes.back());
  m.nodes.push_back(make_node("pad", model::make_image_pad(1, 1, 1, 1), {1}, {6, 6, 4}, kMiddle));
  const model::Window valid{.kernel_h = 3, .kernel_w = 3};
  m.nodes.push_back(make_node("outer/depthwise", model::DepthwiseConv2d{.window = valid}, {2},
                              {4, 4, 4}, kMiddle));
  fill_computing(m.nodes.back(), 36, true);
  m.nodes.push_back(make_node("sum", model::Arithmetic{}, {1, 3}, {4, 4, 4}, kMiddle));
  m.nodes.back().activation.kind = model::ActivationKind::kRelu;
  m.nodes.back().clamp_low = quant::quantize(0, kMiddle);
  m.nodes.push_back(make_node("join", model::Concatenate{.axis = 2}, {4, 3}, {4, 4, 8}, kMiddle));
  const model::Window halves{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2};
  m.nodes.push_back(make_node("pool", model::Pool{.window = halves}, {5}, {2, 2, 8}, kMiddle));
  m.nodes.push_back(make_node("mean", model::GlobalPool{}, {6}, {1, 1, 8}, kMiddle));
  m.nodes.push_back(make_node("flat", model::Reshape{}, {7}, {8}, kMiddle));
  m.nodes.push_back(make_node("dense", model::Dense{}, {8}, {3}, kLast));
  fill_computing(m.nodes.back(), 24, false);
  m.nodes.push_back(make_node("relu", model::Activate{}, {9}, {3}, kMiddle));
  fuse_relu6(m.nodes.back());
  m.nodes.back().op = model::Activate{.activation = m.nodes.back().activation};
  m.nodes.push_back(
      make_node("softmax", model::Softmax{}, {10}, {3}, {.scale = 1.0F / 256, .zero_point = -128}));
  m.output = 11;
  return m;
}

// Layers behind one another, without weights of their own or with a constant.
model::Int8Model make_elementwise_model() {
  using model::ActivationKind;
  using model::ArithmeticKind;
  using model::ConstantOperand;
  constexpr quant::QuantParams kIn{.scale = 1.0F / 255, .zero_point = -128};
  constexpr quant::QuantParams kProbability{.scale = 1.0F / 256, .zero_point = -128};
  model::Int8Model m{.name = "elementwise", .nodes = {}, .output = 0};
  const auto add = [&](model::Op op, model::Shape shape, quant::QuantParams params,
                       std::vector<std::int8_t> constant = {}) {
    const int last = static_cast<int>(m.nodes.size()) - 1;
    const std::vector<int> inputs = last < 0 ? std::vector<int>{} : std::vector{last};
    m.nodes.push_back(
        make_node("n" + std::to_string(last), std::move(op), inputs, std::move(shape), params));
    m.nodes.back().weights = std::move(constant);
    if (!m.nodes.back().weights.empty()) m.nodes.back().constant_quant = {0.25F, 9};
    m.output = last + 1;
  };
  add(model::Input{}, {4, 6, 2}, kIn);
  add(model::Slice{{1, 0, 0}, {3, 3, 2}, {1, 2, 1}}, {3, 3, 2}, kIn);
  add(model::Permute{{1, 0, 2}}, {3, 3, 2}, kIn);
  add(model::Pad{{0, 0, 1}, {0, 1, 0}, quant::dequantize(-64, kIn)}, {3, 4, 3}, kIn);
  add(model::Prelu{}, {3, 4, 3}, kIn, {1, -2, 3});
  add(model::Arithmetic{ArithmeticKind::kSubtract, ConstantOperand::kFirst, {4, 1}}, {3, 4, 3},
      {0.1F, 4}, {1, 2, 3, 4});
  add(model::Arithmetic{ArithmeticKind::kMultiply, ConstantOperand::kSecond, {}}, {3, 4, 3},
      {0.2F, 5}, {77});
  add(model::Activate{{.kind = ActivationKind::kHardSwish}}, {3, 4, 3}, {0.1F, 6});
  add(model::Activate{{.kind = ActivationKind::kRelu, .negative_slope = -0.25F}}, {3, 4, 3},
      {0.1F, 7});
  add(model::Activate{}, {3, 4, 3}, {0.3F, -7});
  add(model::Activate{{.kind = ActivationKind::kTanh}}, {3, 4, 3}, {1.0F / 128, 0});
  add(model::Softmax{}, {3, 4, 3}, kProbability);
  add(model::GlobalPool{model::PoolKind::kMax}, {3}, kProbability);
  add(model::Activate{{.kind = ActivationKind::kSigmoid}}, {3}, kProbability);
  return m;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Tflite, ReadingWhatWasWrittenGivesTheSameModelAndNames) {
  const model::Int8Model written = make_model();
  const model::Int8Model read = parse_tflite(format_tflite(written), "file.tflite");
  EXPECT_EQ(model::content_key(read), model::content_key(written));
  EXPECT_EQ(read.name, written.name);
  ASSERT_EQ(read.nodes.size(), written.nodes.size());
  for (std::size_t i = 0; i < read.nodes.size(); ++i) {
    EXPECT_EQ(read.nodes[i].name, written.nodes[i].name);
  }
}

TEST(Tflite, WritingWhatWasReadGivesTheSameBytes) {
  for (const model::Int8Model& m : {make_model(), make_elementwise_model()}) {
    const std::vector<std::byte> bytes = format_tflite(m);
    const model::Int8Model read = parse_tflite(bytes, "file.tflite");
    EXPECT_EQ(model::content_key(read), model::content_key(m));
    EXPECT_EQ(format_tflite(read), bytes);
  }
}

TEST(Tflite, RoundingsThatAreNotTheDefaultSurvive) {
  model::Int8Model m = make_model();
  for (model::Int8Node& node : m.nodes) node.rounding = quant::Rounding::kSingle;
  const model::Int8Model read = parse_tflite(format_tflite(m), "file.tflite");
  for (const int layer : model::computing_nodes(read)) {
    EXPECT_EQ(read.nodes[static_cast<std::size_t>(layer)].rounding, quant::Rounding::kSingle);
  }
}

TEST(Tflite, ReluN1To1IsToldByItsBounds) {
  model::Int8Model m = make_model();
  m.nodes[9].clamp_low = quant::quantize(-1, m.nodes[9].quant);
  m.nodes[9].clamp_high = quant::quantize(1, m.nodes[9].quant);
  const model::Int8Model read = parse_tflite(format_tflite(m), "file.tflite");
  EXPECT_EQ(model::content_key(read), model::content_key(m));
}

TEST(Tflite, BytesNeedNoAlignment) {
  const std::vector<std::byte> bytes = format_tflite(make_model());
  std::vector<std::byte> shifted(bytes.size() + 1);
  std::copy(bytes.begin(), bytes.end(), shifted.begin() + 1);
  const model::Int8Model read = parse_tflite(std::span(shifted).subspan(1), "file.tflite");
  EXPECT_EQ(model::content_key(read), model::content_key(make_model()));
}

TEST(Tflite, OtherFilesAreRefusedByName) {
  const std::vector<std::byte> bytes(100);
  EXPECT_FALSE(looks_like_tflite(bytes));
  const std::string message = message_of([&] { parse_tflite(bytes, "x.h5"); });
  EXPECT_NE(message.find("x.h5"), std::string::npos);
  EXPECT_NE(message.find("TensorFlow Lite"), std::string::npos);
}

TEST(Tflite, LayersWithoutAnOperatorAreRefusedByName) {
  model::Int8Model m = make_model();
  std::get<model::Pool>(m.nodes[6].op).window.pad_top = 1;
  const std::string message = message_of([&] { format_tflite(m); });
  EXPECT_NE(message.find("layer pool"), std::string::npos);
  EXPECT_NE(message.find("padding"), std::string::npos);
}

// A damaged file is either a valid model still (a changed weight, name or scale) or an InputError.
void expect_model_or_refusal(const std::vector<std::byte>& bytes) {
  try {
    const model::Int8Model read = parse_tflite(bytes, "damaged.tflite");
    model::validate(read, "damaged.tflite");
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("damaged.tflite"), std::string::npos);
  }
}

TEST(Tflite, NoTruncationIsAccepted) {
  const std::vector<std::byte> bytes = format_tflite(make_model());
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    const std::vector<std::byte> part(bytes.begin(),
                                      bytes.begin() + static_cast<std::ptrdiff_t>(size));
    expect_model_or_refusal(part);
  }
}

TEST(Tflite, EveryChangedByteIsAValidModelOrRefused) {
  std::vector<std::byte> bytes = format_tflite(make_model());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      bytes[i] ^= static_cast<std::byte>(mask);
      expect_model_or_refusal(bytes);
      bytes[i] ^= static_cast<std::byte>(mask);
    }
  }
}

}  // namespace
}  // namespace deepaxe::frontend::tflite
