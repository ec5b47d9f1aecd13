// deepaxe evaluate: accuracy of one configuration.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::cli {
namespace {

struct EvaluateArguments {
  WorkArguments work;
  std::string precision = "int8";
  std::string assignment = "exact";
  std::string logits;
};

// What both precisions end in.
struct Accuracy {
  std::int64_t correct = 0;
  std::int64_t images = 0;
  int num_classes = 0;
  std::string assignment;
  std::string preprocessing;
  std::string calibration;
};

void write_logits(const std::string& path, const base::NpyArray& array) {
  if (!path.empty()) base::write_file_atomically(path, base::format_npy(array));
}

Accuracy evaluate_as_float(const EvaluateArguments& arguments, const CommonOptions& common) {
  const Network network = read_network(arguments.work);
  if (!network.float_model) {
    throw base::InputError(
        {arguments.work.model, "--precision", "float for an int8 model", "int8, or a Keras model"});
  }
  if (arguments.assignment != "exact") {
    throw base::InputError({"--assign", "", arguments.assignment + " with --precision float",
                            "--precision int8: multipliers are int8 circuits"});
  }
  const TestImages test = read_test_images(arguments.work, network, common);
  const std::vector<float> floats =
      dataset::preprocess(test.images, 0, test.images.size(), test.preprocessing);
  const engine::FloatEvaluation result =
      engine::evaluate_float(network.as_float(), floats, test.images.labels, common.threads);
  const std::size_t classes = result.logits.size() / test.images.size();
  write_logits(arguments.logits, base::make_npy(result.logits, {test.images.size(), classes}));
  return {.correct = result.correct,
          .images = static_cast<std::int64_t>(test.images.size()),
          .num_classes = static_cast<int>(classes),
          .assignment = "",
          .preprocessing = dataset::describe(test.preprocessing, test.images),
          .calibration = ""};
}

Accuracy evaluate_as_int8(const EvaluateArguments& arguments, const CommonOptions& common) {
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  const engine::Assignment assignment =
      engine::parse_assignment(arguments.assignment, engine.model());
  const engine::Evaluation result =
      engine::evaluate(engine, assignment, work.codes, work.labels, common.threads);
  const auto classes = static_cast<std::size_t>(engine.num_classes());
  write_logits(arguments.logits, base::make_npy(result.logits, {work.labels.size(), classes}));
  return {.correct = result.correct,
          .images = static_cast<std::int64_t>(work.labels.size()),
          .num_classes = engine.num_classes(),
          .assignment = engine::to_string(assignment, engine.model()),
          .preprocessing = work.preprocessing,
          .calibration = work.calibration};
}

void print(const Accuracy& accuracy, const EvaluateArguments& arguments,
           const CommonOptions& common) {
  const double fraction =
      static_cast<double>(accuracy.correct) / static_cast<double>(accuracy.images);
  if (common.json) {
    const nlohmann::ordered_json json = {{"model", arguments.work.model},
                                         {"data", arguments.work.data},
                                         {"precision", arguments.precision},
                                         {"assignment", accuracy.assignment},
                                         {"accuracy", fraction},
                                         {"correct", accuracy.correct},
                                         {"images", accuracy.images},
                                         {"preprocessing", accuracy.preprocessing},
                                         {"calibration", accuracy.calibration}};
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("accuracy {:.2f} % ({} of {} images), {}{}\n", 100 * fraction, accuracy.correct,
             accuracy.images, arguments.precision,
             accuracy.assignment.empty() ? "" : ", multipliers: " + accuracy.assignment);
  fmt::print("input: {}\n", accuracy.preprocessing);
  if (!accuracy.calibration.empty()) fmt::print("calibration: {}\n", accuracy.calibration);
}

void run(const EvaluateArguments& arguments, const CommonOptions& common) {
  base::require_writable(arguments.logits);
  const Accuracy accuracy = arguments.precision == "float" ? evaluate_as_float(arguments, common)
                                                           : evaluate_as_int8(arguments, common);
  warn_if_near_chance(accuracy.correct, accuracy.images, accuracy.num_classes,
                      accuracy.preprocessing, common);
  print(accuracy, arguments, common);
}

}  // namespace

void add_evaluate(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("evaluate", "Accuracy of one configuration");
  const auto arguments = std::make_shared<EvaluateArguments>();
  add_model_options(*command, arguments->work);
  add_data_options(*command, arguments->work);
  command->add_option("--precision", arguments->precision, "int8 or float")
      ->check(CLI::IsMember({"int8", "float"}))
      ->capture_default_str();
  command
      ->add_option("--assign", arguments->assignment,
                   "Multipliers: exact, 1KVP, conv1=1KVP,dense3=1KV9, or 1KVP@1-1-111")
      ->capture_default_str();
  command->add_option("--logits", arguments->logits,
                      "Write the logits, [images, classes], as .npy");
  finish_command(*command, selection,
                 [&selection, arguments] { run(*arguments, selection.common); });
}

}  // namespace deepaxe::cli
