#include "deepaxe/cli/work_options.h"

#include <optional>
#include <vector>

#include "deepaxe/cli/command.h"

namespace deepaxe::cli {
namespace {

using calibrate::RangeMethod;

std::optional<RangeMethod> parse_method(const std::string& word) {
  if (word == "minmax") return RangeMethod::kMinMax;
  if (word == "percentile") return RangeMethod::kPercentile;
  if (word == "mse") return RangeMethod::kMse;
  return std::nullopt;
}

// One word is a method, any other names images; neither may be said twice.
void set_calibration(const std::vector<std::string>& words, QuantizationArguments& arguments) {
  bool has_method = false;
  for (const std::string& word : words) {
    const std::optional<RangeMethod> method = parse_method(word);
    const bool twice = method ? has_method : !arguments.images.empty();
    if (twice) {
      throw CLI::ValidationError("--calibration", "found '" + word + "' after another " +
                                                      (method ? "method" : "data set") +
                                                      ", expected one");
    }
    if (method) {
      has_method = true;
      arguments.params.ranges.method = *method;
    } else {
      arguments.images = word;
    }
  }
}

std::vector<CLI::Option*> add_calibration_options(CLI::App& command,
                                                  QuantizationArguments& arguments) {
  calibrate::RangeParams& ranges = arguments.params.ranges;
  CLI::Option* calibration =
      command
          .add_option_function<std::vector<std::string>>(
              "--calibration",
              [&arguments](const std::vector<std::string>& words) {
                set_calibration(words, arguments);
              },
              "Images that set the ranges, named as --data (default: the training part), or how "
              "they "
              "set them: minmax (default), percentile, mse; give it twice to say both")
          ->allow_extra_args(false);
  CLI::Option* percentile =
      command
          .add_option("--percentile", ranges.percentile,
                      "Of --calibration percentile: half of the rest is cut off at each end")
          ->check(kFinite)
          ->check(CLI::Range(50.0, 100.0))
          ->capture_default_str();
  CLI::Option* count = command
                           .add_option("--calibration-images", arguments.num_images,
                                       "How many of them; 0: 500, or all where there are fewer")
                           ->check(CLI::Range(std::int64_t{0}, kMostCount))
                           ->capture_default_str();
  return {calibration, percentile, count};
}

// Once the command line is known: what was given, and a percentile without its method.
void complete(const std::vector<CLI::Option*>& options, QuantizationArguments& arguments) {
  for (const CLI::Option* option : options) {
    if (option->count() == 0) continue;
    if (arguments.given.empty()) arguments.given = option->get_name();
    if (option->check_lname("percentile") &&
        arguments.params.ranges.method != RangeMethod::kPercentile) {
      throw CLI::ValidationError("--percentile", "needs --calibration percentile");
    }
  }
}

}  // namespace

void add_model_options(CLI::App& command, WorkArguments& arguments) {
  command
      .add_option("MODEL", arguments.model,
                  "Trained network: .keras, .h5, or .tflite (int8 or float)")
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
  add_quantization_options(command, arguments.quantization);
}

void add_quantization_options(CLI::App& command, QuantizationArguments& arguments) {
  const auto add_choice = [&command](const std::string& name, const std::string& usual,
                                     const std::string& other, const std::string& text,
                                     auto&& choose) -> CLI::Option* {
    return command
        .add_option_function<std::string>(
            name, [=](const std::string& word) { choose(word == other); }, text)
        ->check(CLI::IsMember({usual, other}));
  };
  calibrate::QuantizeParams& params = arguments.params;
  std::vector<CLI::Option*> options = add_calibration_options(command, arguments);
  options.push_back(
      add_choice("--activations", "asymmetric", "symmetric",
                 "asymmetric (default) or symmetric (zero point 0)",
                 [&params](bool is_other) { params.symmetric_activations = is_other; }));
  options.push_back(
      add_choice("--weights", "per-channel", "per-tensor",
                 "One scale for each output channel (default) or one for all of a layer",
                 [&params](bool is_other) { params.per_tensor_weights = is_other; }));
  options.push_back(
      command.add_flag("--bias-correction", params.bias_correction,
                       "Add to each bias the mean that rounded weights take from its channel"));
  options.push_back(add_choice("--rounding", "litert", "single",
                               "litert (default: as LiteRT's kernels) or single (leaner hardware)",
                               [&params](bool is_other) {
                                 params.rounding = is_other ? calibrate::RoundingRule::kSingle
                                                            : calibrate::RoundingRule::kAsLiteRt;
                               }));
  command.parse_complete_callback([options, &arguments] { complete(options, arguments); });
}

}  // namespace deepaxe::cli
