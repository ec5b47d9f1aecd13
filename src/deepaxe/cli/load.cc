#include "deepaxe/cli/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/frontend/keras/keras.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "deepaxe/quant/params.h"

namespace deepaxe::cli {
namespace {

std::string stem_of(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  return name.substr(0, name.find('.'));
}

// The images that set the ranges: named ones, else the training part, else the first test images.
struct CalibrationImages {
  dataset::ImageSet images;
  std::string description;
  std::string source;
};

// What the images are called; those of a file named for calibration are simply its images.
const char* part_name(bool has_train, bool named) {
  if (has_train) return "training ";
  return named ? "" : "test ";
}

CalibrationImages read_calibration_images(const WorkArguments& arguments,
                                          const CommonOptions& common) {
  const bool named = !arguments.calibration.empty();
  const std::string& spec = named ? arguments.calibration : arguments.data;
  if (spec.empty()) {
    throw base::InputError({arguments.model, "", "a float network without images",
                            "--calibration or --data, which set the ranges"});
  }
  constexpr std::size_t kDefaultCount = 500;
  const auto asked = static_cast<std::size_t>(arguments.calibration_images);
  const std::size_t wanted = asked == 0 ? kDefaultCount : asked;
  dataset::LoadOptions options;
  options.with_train = true;
  options.num_threads = common.threads;
  options.digits_train_images = wanted;
  dataset::Dataset dataset = dataset::load(spec, options);
  const bool has_train = !dataset.train.empty();
  dataset::ImageSet part = has_train ? std::move(dataset.train) : std::move(dataset.test);
  const std::size_t count = asked == 0 ? std::min(wanted, part.size()) : asked;
  CalibrationImages result{.images = dataset::first_images(part, count, dataset.source),
                           .description = fmt::format("first {} {}images of {}", count,
                                                      part_name(has_train, named), spec),
                           .source = dataset.source};
  if (!has_train && !named) {
    remark(common, fmt::format("calibration: {} has no training part; its first {} test images "
                               "set the ranges",
                               spec, count));
  }
  return result;
}

// They would change nothing.
void refuse_quantization_options(const WorkArguments& arguments) {
  if (!arguments.symmetric && !arguments.single_rounding && arguments.calibration.empty() &&
      arguments.calibration_images == 0) {
    return;
  }
  throw base::InputError({arguments.model, "--calibration, --activations, --rounding",
                          "an int8 model", "a float one: an int8 model is quantized already"});
}

}  // namespace

void add_model_options(CLI::App& command, WorkArguments& arguments) {
  command.add_option("MODEL", arguments.model, "Trained network: .keras, .h5, or int8 .tflite")
      ->required();
  command.add_option("--config", arguments.config, "Architecture (JSON) for a weights-only .h5");
}

void add_data_options(CLI::App& command, WorkArguments& arguments) {
  command
      .add_option("--data", arguments.data,
                  "Images: a folder of MNIST IDX or CIFAR-10 files, one CIFAR-10 file, an .npz "
                  "(x_test, y_test[, x_train, y_train]), digits, mnist, cifar10")
      ->required();
  command
      .add_option("--input", arguments.input,
                  "Preprocessing: unit (x/255), raw, standard:MEAN,...;SD,...")
      ->capture_default_str();
  command.add_option("--images", arguments.images, "Use the first N test images; 0: all")
      ->check(CLI::Range(std::int64_t{0}, kMostCount))
      ->capture_default_str();
  add_quantization_options(command, arguments);
}

void add_quantization_options(CLI::App& command, WorkArguments& arguments) {
  command.add_option("--calibration", arguments.calibration,
                     "Images that set the ranges, named as --data (default: the training part)");
  command
      .add_option("--calibration-images", arguments.calibration_images,
                  "How many of them; 0: 500, or all where there are fewer")
      ->check(CLI::Range(std::int64_t{0}, kMostCount))
      ->capture_default_str();
  command
      .add_option_function<std::string>(
          "--activations",
          [&arguments](const std::string& text) { arguments.symmetric = text == "symmetric"; },
          "asymmetric (default) or symmetric (zero point 0)")
      ->check(CLI::IsMember({"asymmetric", "symmetric"}));
  command
      .add_option_function<std::string>(
          "--rounding",
          [&arguments](const std::string& text) { arguments.single_rounding = text == "single"; },
          "litert (default: as LiteRT's kernels) or single (leaner hardware)")
      ->check(CLI::IsMember({"litert", "single"}));
}

const model::FloatModel& Network::as_float() const {
  DEEPAXE_ASSERT(float_model.has_value());
  return *float_model;
}

const model::Int8Model& Network::as_int8() const {
  DEEPAXE_ASSERT(int8_model.has_value());
  return *int8_model;
}

const model::Shape& Network::input_shape() const {
  return float_model ? float_model->input_shape() : as_int8().input_shape();
}

Network read_network(const WorkArguments& arguments) {
  Network network{.file = arguments.model,
                  .name = stem_of(arguments.model),
                  .float_model = {},
                  .int8_model = {}};
  const std::vector<std::byte> bytes = base::read_file(arguments.model);
  if (frontend::tflite::looks_like_tflite(bytes)) {
    network.int8_model = frontend::tflite::parse_tflite(bytes, arguments.model);
  } else {
    network.float_model =
        frontend::keras::load_keras(arguments.model, {.config = arguments.config});
  }
  return network;
}

TestImages read_test_images(const WorkArguments& arguments, const Network& network,
                            const CommonOptions& common) {
  dataset::LoadOptions options;
  options.num_threads = common.threads;
  dataset::Dataset data = dataset::load(arguments.data, options);
  TestImages test{.data_name = data.name,
                  .source = data.source,
                  .images = std::move(data.test),
                  .preprocessing = dataset::parse_preprocessing(arguments.input)};
  if (arguments.images > 0) {
    test.images =
        dataset::first_images(test.images, static_cast<std::size_t>(arguments.images), data.source);
  }
  dataset::check_fits(test.images, data.source, network.input_shape(), arguments.model);
  const int classes = network.float_model
                          ? model::num_channels(network.float_model->nodes.back().shape)
                          : model::num_channels(network.as_int8().nodes.back().shape);
  dataset::check_labels(test.images, classes, data.source);
  return test;
}

model::Int8Model quantize_network(const Network& network, const WorkArguments& arguments,
                                  const CommonOptions& common, std::string* calibration) {
  const CalibrationImages images = read_calibration_images(arguments, common);
  dataset::check_fits(images.images, images.source, network.input_shape(), arguments.model);
  const auto preprocessing = dataset::parse_preprocessing(arguments.input);
  const std::vector<float> floats =
      dataset::preprocess(images.images, 0, images.images.size(), preprocessing);
  calibrate::QuantizeParams params;
  params.symmetric_activations = arguments.symmetric;
  params.rounding = arguments.single_rounding ? calibrate::RoundingRule::kSingle
                                              : calibrate::RoundingRule::kAsLiteRt;
  params.num_threads = common.threads;
  *calibration = images.description;
  return calibrate::quantize(network.as_float(), floats, params, nullptr);
}

std::vector<std::int8_t> to_codes(const TestImages& test, const model::Int8Model& model) {
  const quant::QuantParams& params = model.nodes.front().quant;
  std::vector<std::int8_t> codes;
  codes.reserve(test.images.size() * test.images.elements_per_image());
  constexpr std::size_t kChunk = 1000;  // Images whose floats are held at once.
  for (std::size_t first = 0; first < test.images.size(); first += kChunk) {
    const std::size_t count = std::min(kChunk, test.images.size() - first);
    for (const float value : dataset::preprocess(test.images, first, count, test.preprocessing)) {
      codes.push_back(quant::quantize(value, params));
    }
  }
  return codes;
}

Work prepare_work(const WorkArguments& arguments, const CommonOptions& common) {
  const Network network = read_network(arguments);
  if (network.int8_model) refuse_quantization_options(arguments);
  const TestImages test = read_test_images(arguments, network, common);
  Work work;
  work.model_name = network.name;
  work.data_name = test.data_name;
  work.data_key = dataset::content_key(test.images);
  work.model = network.int8_model ? *network.int8_model
                                  : quantize_network(network, arguments, common, &work.calibration);
  work.codes = to_codes(test, work.model);
  work.labels = test.images.labels;
  work.preprocessing = dataset::describe(test.preprocessing, test.images);
  return work;
}

void warn_if_implausible(const engine::Int8Engine& engine, const Work& work,
                         const CommonOptions& common) {
  const std::size_t count = std::min<std::size_t>(500, work.labels.size());
  if (count < 50) return;  // Too few to tell a poor accuracy from bad luck.
  const engine::Evaluation result =
      engine::evaluate(engine, engine::exact_assignment(engine.model()),
                       std::span(work.codes).first(count * engine.node_size(0)),
                       std::span(work.labels).first(count), common.threads);
  warn_if_near_chance(result.correct, static_cast<std::int64_t>(count), engine.num_classes(),
                      work.preprocessing, common);
}

void warn_if_near_chance(std::int64_t correct, std::int64_t images, int num_classes,
                         const std::string& preprocessing, const CommonOptions& common) {
  const double accuracy = static_cast<double>(correct) / static_cast<double>(images);
  if (num_classes < 2 || accuracy > 1.5 / num_classes) return;
  remark(common, fmt::format("warning: an accuracy of {:.2f} % is near guessing among {} classes; "
                             "preprocessing was {}; see --input",
                             100 * accuracy, num_classes, preprocessing));
}

}  // namespace deepaxe::cli
