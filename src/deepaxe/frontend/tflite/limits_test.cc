// Small files that stand for much: tables that share one buffer, name or list.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "subset_generated.h"

namespace deepaxe::frontend::tflite {
namespace {

constexpr int kNumOperators = 4000;
constexpr std::size_t kBufferSize = 60'000;

// A float network of 4000 operators of one kind. Their inputs are the same constant of 60 kB, as
// often as `inputs` says; tensor 0 is the network's input, operator i gives tensor 2 + i.
std::vector<std::byte> shared_file(fb::BuiltinOperator code, std::size_t num_inputs,
                                   fb::TensorType type, const std::string& name) {
  flatbuffers::FlatBufferBuilder builder;
  const auto text = builder.CreateString(name);
  const auto shape = builder.CreateVector(std::vector<int>{1, static_cast<int>(kBufferSize)});
  const auto scales = builder.CreateVector(std::vector<float>{1});
  const auto quantization = fb::CreateQuantization(builder, 0, 0, scales);
  const auto data = builder.CreateVector(std::vector<std::uint8_t>(kBufferSize));
  const std::vector buffers{fb::CreateBuffer(builder), fb::CreateBuffer(builder, data)};
  const auto computed = fb::CreateTensor(builder, shape, fb::TensorType_FLOAT32, 0, text);
  std::vector tensors(kNumOperators + 2, computed);
  tensors[1] = fb::CreateTensor(builder, shape, type, 1, text, quantization);
  const auto inputs = builder.CreateVector(std::vector<int>(num_inputs, 1));
  std::vector<flatbuffers::Offset<fb::Operator>> operators;
  operators.reserve(kNumOperators);
  for (int i = 0; i < kNumOperators; ++i) {
    const auto outputs = builder.CreateVector(std::vector<int>{2 + i});
    operators.push_back(fb::CreateOperator(builder, 0, inputs, outputs));
  }
  const auto border = builder.CreateVector(std::vector<int>{0});
  const auto all_tensors = builder.CreateVector(tensors);
  const auto all_operators = builder.CreateVector(operators);
  const std::vector graphs{fb::CreateSubGraph(builder, all_tensors, border, border, all_operators)};
  const std::vector codes{fb::CreateOperatorCode(builder, static_cast<std::int8_t>(code))};
  const auto all_codes = builder.CreateVector(codes);
  const auto all_graphs = builder.CreateVector(graphs);
  const auto all_buffers = builder.CreateVector(buffers);
  fb::FinishModelBuffer(builder,
                        fb::CreateModel(builder, 3, all_codes, all_graphs, 0, all_buffers));
  const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  return {bytes, bytes + builder.GetSize()};
}

std::string refusal(const std::vector<std::byte>& bytes) {
  try {
    (void)parse_network(bytes, "shared.tflite");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

// Would be 1 GB of floats.
TEST(TfliteLimits, ASharedBufferIsNotCopiedByTheThousand) {
  const auto bytes = shared_file(fb::BuiltinOperator_DEQUANTIZE, 1, fb::TensorType_INT8, "x");
  EXPECT_NE(refusal(bytes).find("constants of more than"), std::string::npos) << refusal(bytes);
}

TEST(TfliteLimits, AConstantAboutShapesIsSmall) {
  const auto bytes = shared_file(fb::BuiltinOperator_PACK, 2, fb::TensorType_INT32, "x");
  EXPECT_NE(refusal(bytes).find("60000 bytes"), std::string::npos) << refusal(bytes);
}

TEST(TfliteLimits, OperatorsHaveAHandfulOfInputs) {
  const auto bytes = shared_file(fb::BuiltinOperator_PACK, 10'000, fb::TensorType_INT32, "x");
  EXPECT_NE(refusal(bytes).find("10000 inputs"), std::string::npos) << refusal(bytes);
}

// Thousands of tensors of one name of 60 kB: each is made unique, and cut where that is long.
TEST(TfliteLimits, LongNamesAreCut) {
  const std::string name(kBufferSize, '/');
  const auto bytes = shared_file(fb::BuiltinOperator_RELU, 1, fb::TensorType_FLOAT32, name);
  EXPECT_LT(refusal(bytes).size(), 3000U);
}

}  // namespace
}  // namespace deepaxe::frontend::tflite
