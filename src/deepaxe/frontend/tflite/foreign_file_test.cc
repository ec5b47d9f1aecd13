// Files as other converters write them.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <variant>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/tflite/foreign_file_for_test.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::frontend::tflite {
namespace {

constexpr float kScale = 0.5F;

// A convolution of 3x3, dilated by 2, through SPACE_TO_BATCH_ND, of an image of 8x8x1.
// paddings and crops: top, bottom, left, right.
std::vector<std::byte> dilated_file(const std::vector<std::int32_t>& paddings,
                                    const std::vector<std::int32_t>& crops, int out_size,
                                    int batched_size) {
  ForeignFile file;
  const auto int8 = fb::TensorType_INT8;
  const int image = file.add_activation(int8, {1, 8, 8, 1}, kScale);
  const int block = file.add_integers({2}, {2, 2});
  const int pads = file.add_integers({2, 2}, paddings);
  const int spread = file.add_activation(int8, {4, batched_size, batched_size, 1}, kScale);
  file.add_operator(fb::BuiltinOperator_SPACE_TO_BATCH_ND, {image, block, pads}, spread);
  const int weights = file.add_constant(
      int8, {1, 3, 3, 1}, std::vector<std::int8_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}, kScale);
  const int bias = file.add_integers({1}, {7});
  const int convolved = file.add_activation(int8, {4, batched_size - 2, batched_size - 2, 1}, 1);
  const auto options =
      fb::CreateConv2DOptions(file.builder(), fb::Padding_VALID, 1, 1, fb::FusedActivation_RELU);
  file.add_operator(fb::BuiltinOperator_CONV_2D, {spread, weights, bias}, convolved,
                    fb::BuiltinOptions_Conv2DOptions, options.Union());
  const int cut = file.add_integers({2, 2}, crops);
  const int output = file.add_activation(int8, {1, out_size, out_size, 1}, 1);
  file.add_operator(fb::BuiltinOperator_BATCH_TO_SPACE_ND, {convolved, block, cut}, output);
  return file.finish(image, output);
}

TEST(ForeignFile, SpaceToBatchAroundAConvolutionIsADilation) {
  const model::Int8Model m = parse_tflite(dilated_file({2, 2, 2, 2}, {0, 0, 0, 0}, 8, 6), "d");
  ASSERT_EQ(m.nodes.size(), 2U);
  const model::Window& window = std::get<model::Conv2d>(m.nodes[1].op).window;
  EXPECT_EQ(window, (model::Window{.kernel_h = 3,
                                   .kernel_w = 3,
                                   .dilation_h = 2,
                                   .dilation_w = 2,
                                   .pad_top = 2,
                                   .pad_bottom = 2,
                                   .pad_left = 2,
                                   .pad_right = 2}));
  EXPECT_EQ(m.nodes[1].activation.kind, model::ActivationKind::kRelu);
  EXPECT_EQ(m.nodes[1].bias, std::vector<std::int32_t>{7});
}

TEST(ForeignFile, PaddingThatIsNeitherSameNorValidIsALayerOfItsOwn) {
  const model::Int8Model m = parse_tflite(dilated_file({2, 0, 0, 2}, {0, 0, 0, 0}, 6, 5), "d");
  ASSERT_EQ(m.nodes.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<model::Pad>(m.nodes[1].op));
  EXPECT_EQ(model::content_key(parse_tflite(format_tflite(m), "copy")), model::content_key(m));
}

TEST(ForeignFile, ACropBeyondThePaddingIsRefusedByOperator) {
  try {
    parse_tflite(dilated_file({0, 0, 0, 0}, {1, 0, 0, 0}, 3, 4), "d.tflite");
    FAIL() << "accepted";
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("BATCH_TO_SPACE_ND"), std::string::npos);
  }
}

// FULLY_CONNECTED of two inputs with relu; `weights` is a tensor of shape [1, 2].
std::vector<std::byte> dense_file(ForeignFile& file, int weights) {
  const auto real = fb::TensorType_FLOAT32;
  const int input = file.add_activation(real, {1, 2});
  const int bias = file.add_constant(real, {1}, std::vector<float>{0.25F});
  const int output = file.add_activation(real, {1, 1});
  const auto options = fb::CreateFullyConnectedOptions(file.builder(), fb::FusedActivation_RELU);
  file.add_operator(fb::BuiltinOperator_FULLY_CONNECTED, {input, weights, bias}, output,
                    fb::BuiltinOptions_FullyConnectedOptions, options.Union());
  return file.finish(input, output);
}

void expect_dense(const std::vector<std::byte>& bytes, const std::vector<float>& weights) {
  const Network network = parse_network(bytes, "f.tflite");
  const auto& m = std::get<model::FloatModel>(network);
  ASSERT_EQ(m.nodes.size(), 3U);
  EXPECT_EQ(m.nodes[1].weights, weights);
  EXPECT_EQ(m.nodes[1].bias, std::vector<float>{0.25F});
  EXPECT_TRUE(std::holds_alternative<model::Activate>(m.nodes[2].op));
  EXPECT_EQ(m.output, 2);
}

TEST(ForeignFile, WeightsMayBeFloat) {
  ForeignFile file;
  const int weights =
      file.add_constant(fb::TensorType_FLOAT32, {1, 2}, std::vector<float>{1.5F, -2});
  expect_dense(dense_file(file, weights), {1.5F, -2});
}

TEST(ForeignFile, WeightsMayBeHalvesBehindDequantize) {
  ForeignFile file;  // 1.5; -2; in half precision.
  const int halves =
      file.add_constant(fb::TensorType_FLOAT16, {1, 2}, std::vector<std::uint16_t>{0x3E00, 0xC000});
  const int weights = file.add_activation(fb::TensorType_FLOAT32, {1, 2});
  file.add_operator(fb::BuiltinOperator_DEQUANTIZE, {halves}, weights);
  expect_dense(dense_file(file, weights), {1.5F, -2});
}

TEST(ForeignFile, WeightsOfDynamicRangeAreDequantized) {
  ForeignFile file;
  const int weights =
      file.add_constant(fb::TensorType_INT8, {1, 2}, std::vector<std::int8_t>{3, -4}, kScale);
  expect_dense(dense_file(file, weights), {1.5F, -2});
}

TEST(ForeignFile, AnInt8ReaderRefusesAFloatNetwork) {
  ForeignFile file;
  const int weights =
      file.add_constant(fb::TensorType_FLOAT32, {1, 2}, std::vector<float>{1.5F, -2});
  EXPECT_THROW(parse_tflite(dense_file(file, weights), "f.tflite"), base::InputError);
}

}  // namespace
}  // namespace deepaxe::frontend::tflite
