// Int8 networks against tensors, logits and classes of LiteRT's reference kernels, to the last bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/npz.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe {
namespace {

const std::filesystem::path kData = std::filesystem::path(DEEPAXE_SOURCE_DIR) / "../shared/data";

struct OracleCase {
  std::string folder;
  std::string file;  // Without ".tflite".
  std::string data;
  std::size_t num_predictions;  // Classes compared, of the first images.
};

std::ostream& operator<<(std::ostream& out, const OracleCase& c) { return out << c.file; }

// Every model here has int8 code = pixel - 128.
std::vector<std::int8_t> codes_of(const dataset::ImageSet& images) {
  std::vector<std::int8_t> codes;
  codes.reserve(images.bytes.size());
  for (const std::uint8_t pixel : images.bytes) {
    codes.push_back(static_cast<std::int8_t>(pixel - 128));
  }
  return codes;
}

class TfliteOracle : public testing::TestWithParam<OracleCase> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(model_file())) GTEST_SKIP() << "no " << model_file();
    codes_ = codes_of(dataset::load(kData / "datasets" / GetParam().data).test);
  }

  std::filesystem::path model_file() const {
    return kData / "models" / GetParam().folder / (GetParam().file + ".tflite");
  }
  std::filesystem::path oracle_file(const std::string& what) const {
    return kData / "models" / GetParam().folder / "oracle" / (GetParam().file + ".tflite." + what);
  }
  std::span<const std::int8_t> images(const engine::Int8Engine& engine, std::size_t count) const {
    return std::span(codes_).first(count * engine.node_size(0));
  }
  engine::Evaluation evaluate(std::size_t count) const {
    const engine::Int8Engine engine(frontend::tflite::read_tflite(model_file()));
    return engine::evaluate(engine, engine::exact_assignment(engine.model()), images(engine, count),
                            {}, 2);
  }

  std::vector<std::int8_t> codes_;
};

std::size_t num_differing(const std::vector<std::int8_t>& found, const base::NpyArray& expected) {
  EXPECT_EQ(found.size(), expected.num_elements());
  if (found.size() != expected.num_elements()) return found.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    count += static_cast<std::byte>(found[i]) != expected.bytes[i] ? 1U : 0U;
  }
  return count;
}

TEST_P(TfliteOracle, EveryTensorOfTheFirstImagesIsEqual) {
  std::vector<int> tensor_of_node;
  const engine::Int8Engine engine(frontend::tflite::read_tflite(model_file(), &tensor_of_node),
                                  engine::KernelKind::kReference);
  const auto tensors =
      engine.run_all(engine::exact_assignment(engine.model()), 4, images(engine, 4));
  int num_compared = 0;
  for (std::size_t node = 0; node < tensors.size(); ++node) {
    std::string key = std::to_string(tensor_of_node[node]);
    key.insert(key.begin(), 3 - std::min<std::size_t>(key.size(), 3), '0');
    const auto found = dataset::read_npz(oracle_file("tensors_first4.npz"), {key});
    if (tensors[node].empty() || !found.contains(key)) continue;
    EXPECT_EQ(num_differing(tensors[node], found.at(key)), 0U)
        << "layer " << engine.model().nodes[node].name << ", tensor " << key;
    ++num_compared;
  }
  EXPECT_GE(num_compared, engine.logits_node());  // All, but a flatten that the file does not have.
}

TEST_P(TfliteOracle, LogitsOf200ImagesAreEqual) {
  const auto expected = base::read_npy(oracle_file("int8_presoftmax_first200.npy"));
  EXPECT_EQ(num_differing(evaluate(200).logits, expected), 0U);
}

TEST_P(TfliteOracle, ClassesAreEqual) {
  const auto expected = base::read_npy(oracle_file("pred.npy")).as_doubles();
  ASSERT_LE(GetParam().num_predictions, expected.size());
  const std::vector<int> found = evaluate(GetParam().num_predictions).predictions;
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], expected[i]) << "image " << i;
}

TEST_P(TfliteOracle, WritingAndReadingKeepsTheModel) {
  const model::Int8Model m = frontend::tflite::read_tflite(model_file());
  const std::vector<std::byte> bytes = frontend::tflite::format_tflite(m);
  const model::Int8Model back = frontend::tflite::parse_tflite(bytes, "copy.tflite");
  EXPECT_EQ(model::content_key(back), model::content_key(m));
  EXPECT_EQ(frontend::tflite::format_tflite(back), bytes);
}

TEST(TfliteFile, AFloatNetworkIsNoInt8Network) {
  const auto file = kData / "models/mnist-mlp-float-tflite/mnist_mlp_float.tflite";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  try {
    frontend::tflite::read_tflite(file);
    FAIL() << "accepted a float network";
  } catch (const base::InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("FLOAT32"), std::string::npos) << message;
    EXPECT_NE(message.find("quantized to int8"), std::string::npos) << message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Models, TfliteOracle,
    testing::Values(OracleCase{"lenet5-mnist", "lenet5_int8", "mnist", 10'000},
                    OracleCase{"lenet5b-qat-mnist", "lenet5b_qat_int8", "mnist", 10'000},
                    OracleCase{"mlp3-mnist", "mlp3_int8", "mnist", 10'000},
                    OracleCase{"mlp5-mnist", "mlp5_int8", "mnist", 10'000},
                    OracleCase{"mlp7-mnist", "mlp7_int8", "mnist", 10'000},
                    OracleCase{"mini-mobilenet-mnist", "mini_mobilenet_int8", "mnist", 10'000},
                    OracleCase{"mnist-cnn-h5-and-int8", "mnist_uint8io_int8", "mnist", 10'000},
                    OracleCase{"mlperf-tiny-resnet8", "pretrainedResnet_quant",
                               "cifar10/test_batch_first1000.bin.gz", 1'000},
                    OracleCase{"alexnet-cifar10", "alexnet_int8",
                               "cifar10/test_batch_first1000.bin.gz", 1'000}),
    [](const testing::TestParamInfo<OracleCase>& test) { return test.param.file; });

}  // namespace
}  // namespace deepaxe
