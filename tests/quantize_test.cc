// Post-training quantization of real networks: what accuracy it costs, and what files it gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/preprocess.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/frontend/keras/keras.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe {
namespace {

const std::filesystem::path kSource = DEEPAXE_SOURCE_DIR;
const std::filesystem::path kData = kSource / "../shared/data";
constexpr int kThreads = 2;

struct QuantizeCase {
  std::string name;
  std::filesystem::path model;
  std::string test, calibration;  // Data sets; the training part of a folder calibrates.
  std::string input;
  std::size_t num_calibration;
  std::size_t num_test;
  double max_drop;  // Of accuracy, as a fraction.
};

std::ostream& operator<<(std::ostream& out, const QuantizeCase& c) { return out << c.name; }

std::vector<std::int8_t> to_codes(const std::vector<float>& reals, const quant::QuantParams& p) {
  std::vector<std::int8_t> codes(reals.size());
  std::transform(reals.begin(), reals.end(), codes.begin(),
                 [&](float real) { return quant::quantize(real, p); });
  return codes;
}

class Network : public testing::Test {
 protected:
  void load(const QuantizeCase& c) {
    if (!std::filesystem::exists(c.model)) GTEST_SKIP() << "no " << c.model;
    float_model_ = frontend::keras::load_keras(c.model);
    const auto preprocessing = dataset::parse_preprocessing(c.input);
    const dataset::Dataset data =
        dataset::load(c.test, {.with_train = true, .digits_train_images = 1'000});
    images_ = dataset::preprocess(data.test, 0, c.num_test, preprocessing);
    labels_.assign(data.test.labels.begin(),
                   data.test.labels.begin() + static_cast<std::ptrdiff_t>(c.num_test));
    const dataset::ImageSet train =
        c.calibration.empty() ? data.train : dataset::load(c.calibration).test;
    calibration_ = dataset::preprocess(train, 0, c.num_calibration, preprocessing);
  }

  double accuracy(const model::Int8Model& m) const {
    const engine::Int8Engine engine(m);
    return fraction(engine::evaluate(engine, engine::exact_assignment(m),
                                     to_codes(images_, m.nodes.front().quant), labels_, kThreads)
                        .correct);
  }
  double float_accuracy() const {
    return fraction(engine::evaluate_float(float_model_, images_, labels_, kThreads).correct);
  }
  double fraction(std::int64_t correct) const {
    return static_cast<double>(correct) / static_cast<double>(labels_.size());
  }

  model::FloatModel float_model_;
  std::vector<float> images_, calibration_;
  std::vector<int> labels_;
};

class QuantizedNetwork : public Network, public testing::WithParamInterface<QuantizeCase> {
 protected:
  void SetUp() override { load(GetParam()); }
};

QuantizeCase digits() {
  return {"digits", kSource / "data/lenet5-digits.keras", "digits", "", "unit", 300, 2'000, 0.005};
}

class DigitsNetwork : public Network {
 protected:
  void SetUp() override { load(digits()); }
};

TEST_P(QuantizedNetwork, KeepsItsAccuracy) {
  const double before = float_accuracy();
  const double after = accuracy(calibrate::quantize(float_model_, calibration_));
  EXPECT_GE(after, before - GetParam().max_drop) << "float " << before << ", int8 " << after;
}

// Half of the codes are lost to unsigned data, and rounding twice differs from once by chance:
// twice the drop.
TEST_P(QuantizedNetwork, KeepsItsAccuracyWithLeanerHardware) {
  const double before = float_accuracy();
  const double symmetric =
      accuracy(calibrate::quantize(float_model_, calibration_, {.symmetric_activations = true}));
  const double single = accuracy(calibrate::quantize(
      float_model_, calibration_, {.rounding = calibrate::RoundingRule::kSingle}));
  EXPECT_GE(symmetric, before - 2 * GetParam().max_drop);
  EXPECT_GE(single, before - 2 * GetParam().max_drop);
}

// Every combination of the quantizer's options.
std::vector<calibrate::QuantizeParams> all_options() {
  using calibrate::RangeMethod;
  std::vector<calibrate::QuantizeParams> all;
  for (const bool symmetric : {false, true}) {
    for (const bool per_tensor : {false, true}) {
      for (const auto method :
           {RangeMethod::kMinMax, RangeMethod::kPercentile, RangeMethod::kMse}) {
        for (const bool bias_correction : {false, true}) {
          all.push_back({.symmetric_activations = symmetric,
                         .per_tensor_weights = per_tensor,
                         .ranges = {.method = method},
                         .bias_correction = bias_correction});
        }
      }
    }
  }
  return all;
}

std::string describe(const calibrate::QuantizeParams& params) {
  return std::string(params.symmetric_activations ? "symmetric" : "asymmetric") +
         (params.per_tensor_weights ? ", per tensor" : ", per channel") +
         (params.bias_correction ? ", biases corrected" : "") + ", method " +
         std::to_string(static_cast<int>(params.ranges.method));
}

TEST_F(DigitsNetwork, LosesAtMostAPointWithAnyOptions) {
  const double before = float_accuracy();
  for (const calibrate::QuantizeParams& params : all_options()) {
    EXPECT_GE(accuracy(calibrate::quantize(float_model_, calibration_, params)), before - 0.01)
        << describe(params);
  }
}

void expect_same_after_writing_and_reading(const model::Int8Model& m) {
  const std::vector<std::byte> bytes = frontend::tflite::format_tflite(m);
  const model::Int8Model back = frontend::tflite::parse_tflite(bytes, "quantized.tflite");
  EXPECT_EQ(model::content_key(back), model::content_key(m));
  EXPECT_EQ(frontend::tflite::format_tflite(back), bytes);
  for (std::size_t i = 0; i < m.nodes.size(); ++i) EXPECT_EQ(back.nodes[i].name, m.nodes[i].name);
}

TEST_P(QuantizedNetwork, IsTheSameAfterWritingAndReading) {
  for (const bool per_tensor : {false, true}) {
    expect_same_after_writing_and_reading(
        calibrate::quantize(float_model_, calibration_, {.per_tensor_weights = per_tensor}));
  }
}

std::string in_data(const std::string& path) { return (kData / path).string(); }

QuantizeCase mnist(const std::string& name, const std::string& model) {
  return {name, kData / "models" / model, in_data("datasets/mnist"), "", "unit", 300, 10'000,
          0.005};
}

QuantizeCase cifar(const std::string& name, const std::string& model, const std::string& input,
                   std::size_t num_test, double max_drop) {
  return {name,
          kData / "models" / model,
          in_data("datasets/cifar10/test_batch_first1000.bin.gz"),
          in_data("datasets/cifar10/train_subset_lossless.bin.gz"),
          input,
          100,
          num_test,
          max_drop};
}

INSTANTIATE_TEST_SUITE_P(
    Models, QuantizedNetwork,
    testing::Values(mnist("lenet5", "lenet5-mnist/lenet5.keras"),
                    mnist("mlp3", "mlp3-mnist/mlp3.keras"), mnist("mlp5", "mlp5-mnist/mlp5.h5"),
                    mnist("mlp7", "mlp7-mnist/mlp7.keras"),
                    cifar("resnet8", "mlperf-tiny-resnet8/pretrainedResnet.h5", "raw", 1'000,
                          0.005),
                    cifar("alexnet", "alexnet-cifar10/alexnet.keras", "unit", 500, 0.01), digits()),
    [](const testing::TestParamInfo<QuantizeCase>& test) { return test.param.name; });

}  // namespace
}  // namespace deepaxe
