// Float networks of Keras and TFLite files against what their own frameworks answered.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/preprocess.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/frontend/keras/keras.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(DEEPAXE_SOURCE_DIR) / "../shared/data";
constexpr const char* kCifarStandard =
    "standard:125.3069,122.9501,113.8660;62.9932,62.0887,66.7049";

struct Case {
  const char* file;         // Below models/.
  const char* logits;       // Oracle beside it; the first 200 test images.
  const char* predictions;  // Oracle; "" if there is none.
  const char* input;        // Preprocessing.
  int num_images;           // To classify; limited by time, not by need.
  const char* config = "";  // Of weights-only files.
};

// MNIST has 10,000 images, the exact CIFAR-10 records are 1,000.
const std::vector<Case> kMnistCases = {
    {"lenet5-mnist/lenet5.keras", "lenet5.float_logits_first200.npy", "lenet5.float_pred.npy",
     "unit", 2000},
    {"lenet5-mnist/lenet5.h5", "lenet5.float_logits_first200.npy", "lenet5.float_pred.npy", "unit",
     200},
    {"mlp3-mnist/mlp3.keras", "mlp3.float_logits_first200.npy", "mlp3.float_pred.npy", "unit",
     10000},
    {"mlp3-mnist/mlp3.h5", "mlp3.float_logits_first200.npy", "mlp3.float_pred.npy", "unit", 200},
    {"mlp5-mnist/mlp5.keras", "mlp5.float_logits_first200.npy", "mlp5.float_pred.npy", "unit",
     2000},
    {"mlp5-mnist/mlp5.h5", "mlp5.float_logits_first200.npy", "mlp5.float_pred.npy", "unit", 200},
    {"mlp7-mnist/mlp7.keras", "mlp7.float_logits_first200.npy", "mlp7.float_pred.npy", "unit",
     2000},
    {"mlp7-mnist/mlp7.h5", "mlp7.float_logits_first200.npy", "mlp7.float_pred.npy", "unit", 200},
    {"mini-mobilenet-mnist/mini_mobilenet.keras", "mini_mobilenet.float_logits_first200.npy",
     "mini_mobilenet.float_pred.npy", "unit", 2000},
    {"mini-mobilenet-mnist/mini_mobilenet.h5", "mini_mobilenet.float_logits_first200.npy",
     "mini_mobilenet.float_pred.npy", "unit", 200},
    {"mnist-lenet5-keras231/lenet5.h5", "lenet5.h5.logits_first200.npy", "lenet5.h5.pred_full.npy",
     "raw", 2000},
    {"mnist-mlp-keras3/mnist.keras", "mnist.keras.logits_first200.npy", "mnist.keras.pred_full.npy",
     "unit", 10000},
    {"mnist-cnn-keras3-weights-only/mnist_model.weights.h5",
     "mnist_model.weights.h5.logits_first200.npy", "mnist_model.weights.h5.pred_full.npy", "unit",
     1000, "mnist-cnn-keras3-weights-only/mnist_model.derived-config.json"},
    {"mnist-cnn-h5-and-int8/keras_model.h5", "keras_model.h5.logits_first200.npy",
     "keras_model.h5.pred_full.npy", "unit", 1000},
    {"mnist-mlp-float-tflite/mnist_mlp_float.tflite", "mnist_mlp_float.tflite.logits_first200.npy",
     "mnist_mlp_float.tflite.pred_full.npy", "unit", 10000},
};

const std::vector<Case> kCifarCases = {
    {"alexnet-cifar10/alexnet.keras", "alexnet.float_logits_first200.npy", "alexnet.float_pred.npy",
     "unit", 200},
    {"cifar10-alexnet-keras31/alexnet.keras", "alexnet.keras.logits_first200.npy",
     "alexnet.keras.pred_first1000.npy", "unit", 1000},
    {"cifar10-alexnet-keras31/improved_cnn.keras", "improved_cnn.keras.logits_first200.npy",
     "improved_cnn.keras.pred_first1000.npy", "unit", 400},
    {"cifar10-resnet20-tfkeras210/resnet20_cifar10.h5", "resnet20_cifar10.h5.logits_first200.npy",
     "resnet20_cifar10.h5.pred_first1000.npy", kCifarStandard, 200},
    {"mlperf-tiny-resnet8/pretrainedResnet.h5", "pretrainedResnet.h5.logits_first200.npy",
     "pretrainedResnet.h5.pred_first1000.npy", "raw", 400},
    {"mlperf-tiny-resnet8/pretrainedResnet.tflite", "pretrainedResnet.tflite.logits_first200.npy",
     "pretrainedResnet.tflite.pred_first1000.npy", "raw", 400},
};

// DEEPAXE_TEST_ALL_IMAGES=1: every image there is, for the full table.
int images_wanted(const Case& test, std::size_t available) {
  const char* all = std::getenv("DEEPAXE_TEST_ALL_IMAGES");
  return all != nullptr ? static_cast<int>(available) : test.num_images;
}

model::FloatModel load(const Case& test, const fs::path& file) {
  if (file.extension() == ".tflite") {
    const std::vector<std::byte> bytes = base::read_file(file);
    auto network = frontend::tflite::parse_network(bytes, file.string());
    return std::get<model::FloatModel>(std::move(network));
  }
  frontend::keras::KerasOptions options;
  if (*test.config != '\0') options.config = kData / "models" / test.config;
  return frontend::keras::load_keras(file, options);
}

void check_case(const Case& test, const dataset::ImageSet& images) {
  SCOPED_TRACE(test.file);
  const fs::path file = kData / "models" / test.file;
  const model::FloatModel model = load(test, file);
  const auto count = static_cast<std::size_t>(images_wanted(test, images.size()));
  const std::vector<float> inputs =
      dataset::preprocess(images, 0, count, dataset::parse_preprocessing(test.input));
  const std::vector<int> labels(images.labels.begin(),
                                images.labels.begin() + static_cast<std::ptrdiff_t>(count));
  const engine::FloatEvaluation result = engine::evaluate_float(model, inputs, labels, 0);

  const auto expected = base::read_npy(file.parent_path() / "oracle" / test.logits).as_doubles();
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    difference = std::max(difference, std::abs(expected[i] - result.logits.at(i)));
  }
  EXPECT_LE(difference, 1e-4 * largest);

  const auto predictions =
      base::read_npy(file.parent_path() / "oracle" / test.predictions).as_doubles();
  std::size_t agreeing = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (static_cast<double>(result.predictions[i]) == predictions.at(i)) ++agreeing;
  }
  EXPECT_EQ(agreeing, count);
  std::printf("%-60s %.1e of the largest logit, accuracy %.4f on %zu images\n", test.file,
              difference / largest,
              static_cast<double>(result.correct) / static_cast<double>(count), count);
}

TEST(FloatOracle, MnistNetworksGiveTheLogitsAndClassesOfTheirFrameworks) {
  if (!fs::exists(kData / "models")) GTEST_SKIP() << "no models at " << kData;
  const dataset::Dataset mnist = dataset::load((kData / "datasets/mnist").string());
  for (const Case& test : kMnistCases) check_case(test, mnist.test);
}

TEST(FloatOracle, CifarNetworksGiveTheLogitsAndClassesOfTheirFrameworks) {
  if (!fs::exists(kData / "models")) GTEST_SKIP() << "no models at " << kData;
  const dataset::Dataset cifar =
      dataset::load((kData / "datasets/cifar10/test_batch_first1000.bin.gz").string());
  for (const Case& test : kCifarCases) check_case(test, cifar.test);
}

std::string refusal(const fs::path& file, const fs::path& config = {}) {
  try {
    (void)frontend::keras::load_keras(file, {.config = config});
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(KerasOracle, QuantizationLayersAreRefusedByLayerAndClass) {
  const fs::path folder = kData / "models/qkeras-custom-layers";
  if (!fs::exists(folder)) GTEST_SKIP() << "no models at " << kData;
  struct Expected {
    const char* file;
    const char* config;
    const char* layer;
    const char* class_name;
  };
  for (const Expected& e : {
           Expected{"hgq_mnist_heterogeneous.h5", "", "h_quantize_quantizer",
                    "FixedPointQuantizer"},
           Expected{"hgq_mnist_homogeneous.h5", "", "h_quantize_1_quantizer",
                    "FixedPointQuantizer"},
           Expected{"mct_quantization_wrapper_mnist.keras", "",
                    "keras_activation_quantization_holder", "KerasActivationQuantizationHolder"},
           Expected{"qkeras-v3_3layer.keras", "", "fc1", "QDense"},
           Expected{"qkeras_3layer.json", "", "fc1", "QDense"},
           Expected{"qkeras_mnist_cnn.json", "", "", "QConv2D"},
           Expected{"qkeras_mnist_dense.json", "", "", "Q"},
           Expected{"qkeras_3layer_weights.h5", "qkeras_3layer.json", "fc1", "QDense"},
           Expected{"qkeras_mnist_cnn_weights.h5", "qkeras_mnist_cnn.json", "", "QConv2D"},
           Expected{"qkeras_mnist_dense_weights.h5", "qkeras_mnist_dense.json", "", "Q"},
       }) {
    const fs::path config = *e.config == '\0' ? fs::path() : folder / e.config;
    const std::string text = refusal(folder / e.file, config);
    EXPECT_NE(text.find(std::string("layer ") + e.layer), std::string::npos) << text;
    EXPECT_NE(text.find(e.class_name), std::string::npos) << text;
    EXPECT_NE(text.find("int8 .tflite"), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  }
}

TEST(KerasOracle, WeightsWithoutArchitectureAskForIt) {
  const fs::path folder = kData / "models/qkeras-custom-layers";
  if (!fs::exists(folder)) GTEST_SKIP() << "no models at " << kData;
  for (const char* file : {"qkeras_3layer_weights.h5", "qkeras_cifar10_weights.h5",
                           "qkeras_mnist_cnn_weights.h5", "qkeras_mnist_dense_weights.h5"}) {
    const std::string text = refusal(folder / file);
    EXPECT_NE(text.find("--config"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace deepaxe
