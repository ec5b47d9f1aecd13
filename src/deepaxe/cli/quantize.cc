// deepaxe quantize: a float network to an int8 .tflite.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/layer_table.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::cli {
namespace {

struct QuantizeArguments {
  WorkArguments work;
  std::string output;
};

struct Accuracies {
  double float_accuracy = 0;
  double int8_accuracy = 0;
  std::size_t images = 0;
};

Accuracies compare(const Network& network, const model::Int8Model& quantized,
                   const TestImages& test, const CommonOptions& common) {
  const std::size_t count = test.images.size();
  const std::vector<float> floats = dataset::preprocess(test.images, 0, count, test.preprocessing);
  const auto as_float =
      engine::evaluate_float(network.as_float(), floats, test.images.labels, common.threads);
  const engine::Int8Engine engine(quantized);
  const auto as_int8 =
      engine::evaluate(engine, engine::exact_assignment(quantized), to_codes(test, quantized),
                       test.images.labels, common.threads);
  const auto n = static_cast<double>(count);
  return {static_cast<double>(as_float.correct) / n, static_cast<double>(as_int8.correct) / n,
          count};
}

void run(const QuantizeArguments& arguments, const CommonOptions& common) {
  base::require_writable(arguments.output);
  const Network network = read_network(arguments.work);
  if (!network.float_model) {
    throw base::InputError(
        {arguments.work.model, "", "an int8 model", "a float model, Keras or .tflite"});
  }
  const TestImages test = read_test_images(arguments.work, network, common);
  const QuantizedNetwork quantized = quantize_network(network.as_float(), arguments.work, common);
  const model::Int8Model& result = quantized.quantization.model;
  base::write_file_atomically(arguments.output, frontend::tflite::format_tflite(result));
  const Accuracies accuracies = compare(network, result, test, common);
  const LayerQualities layers = calibrate::measure_layers(
      quantized.quantization, quantized.calibration_images, common.threads);
  if (common.json) {
    const nlohmann::ordered_json json = {{"output", arguments.output},
                                         {"calibration", quantized.calibration},
                                         {"images", accuracies.images},
                                         {"float_accuracy", accuracies.float_accuracy},
                                         {"int8_accuracy", accuracies.int8_accuracy},
                                         {"model_key", model::content_key(result)},
                                         {"layers", layers_json(quantized.quantization, layers)}};
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("{}\nwrote {}\ncalibration: {}\n", layers_text(quantized.quantization, layers),
             arguments.output, quantized.calibration);
  fmt::print("accuracy on {} images: float {:.2f} %, int8 {:.2f} %\n", accuracies.images,
             100 * accuracies.float_accuracy, 100 * accuracies.int8_accuracy);
}

}  // namespace

void add_quantize(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("quantize", "A float network to an int8 .tflite");
  const auto arguments = std::make_shared<QuantizeArguments>();
  add_model_options(*command, arguments->work);
  add_data_options(*command, arguments->work);
  command->add_option("-o,--output", arguments->output, "The .tflite to write")->required();
  finish_command(*command, selection,
                 [&selection, arguments] { run(*arguments, selection.common); });
}

}  // namespace deepaxe::cli
