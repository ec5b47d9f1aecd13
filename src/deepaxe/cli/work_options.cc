#include "deepaxe/cli/work_options.h"

#include "deepaxe/cli/command.h"

namespace deepaxe::cli {

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
  add_quantization_options(command, arguments.quantization);
}

void add_quantization_options(CLI::App& command, QuantizationArguments& arguments) {
  const auto add_choice = [&command](const std::string& name, const std::string& usual,
                                     const std::string& other, const std::string& text,
                                     auto&& choose) {
    command
        .add_option_function<std::string>(
            name, [=](const std::string& word) { choose(word == other); }, text)
        ->check(CLI::IsMember({usual, other}));
  };
  calibrate::QuantizeParams& params = arguments.params;
  command.add_option("--calibration", arguments.images,
                     "Images that set the ranges, named as --data (default: the training part)");
  command
      .add_option("--calibration-images", arguments.num_images,
                  "How many of them; 0: 500, or all where there are fewer")
      ->check(CLI::Range(std::int64_t{0}, kMostCount))
      ->capture_default_str();
  add_choice("--activations", "asymmetric", "symmetric",
             "asymmetric (default) or symmetric (zero point 0)",
             [&params](bool is_other) { params.symmetric_activations = is_other; });
  add_choice("--weights", "per-channel", "per-tensor",
             "One scale for each output channel (default) or one for all of a layer",
             [&params](bool is_other) { params.per_tensor_weights = is_other; });
  add_choice("--rounding", "litert", "single",
             "litert (default: as LiteRT's kernels) or single (leaner hardware)",
             [&params](bool is_other) {
               params.rounding =
                   is_other ? calibrate::RoundingRule::kSingle : calibrate::RoundingRule::kAsLiteRt;
             });
}

}  // namespace deepaxe::cli
