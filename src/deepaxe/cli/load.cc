#include "deepaxe/cli/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>
#include <variant>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/keras.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "deepaxe/quant/params.h"

namespace deepaxe::cli {
namespace {

std::string stem_of(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  return name.substr(0, name.find('.'));
}

}  // namespace

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
    if (!arguments.config.empty()) {
      throw base::InputError({"--config", "", arguments.model + ", a .tflite file",
                              "a .h5 file of weights alone: this one has its architecture"});
    }
    auto parsed = frontend::tflite::parse_network(bytes, arguments.model);
    if (auto* int8_model = std::get_if<model::Int8Model>(&parsed)) {
      network.int8_model = std::move(*int8_model);
    } else {
      network.float_model = std::move(std::get<model::FloatModel>(parsed));
    }
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
  if (network.int8_model) {
    work.model = *network.int8_model;
  } else {
    QuantizedNetwork quantized = quantize_network(network.as_float(), arguments, common);
    work.model = std::move(quantized.quantization.model);
    work.calibration = std::move(quantized.calibration);
  }
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
