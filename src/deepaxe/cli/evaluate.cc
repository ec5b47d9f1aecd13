// deepaxe evaluate: accuracy of one configuration.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/kernel/isa.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

struct EvaluateArguments {
  WorkArguments work;
  std::string precision = "int8";
  std::string assignment = "exact";
  std::string logits;
  bool explain = false;
};

// What both precisions end in.
struct Accuracy {
  std::int64_t correct = 0;
  std::int64_t images = 0;
  int num_classes = 0;
  std::string assignment;
  std::string preprocessing;
  std::string calibration;
  Json layers = nullptr;  // With --explain.
};

void write_logits(const std::string& path, const base::NpyArray& array) {
  if (!path.empty()) base::write_file_atomically(path, base::format_npy(array));
}

Accuracy evaluate_as_float(const EvaluateArguments& arguments, const CommonOptions& common) {
  const Network network = read_network(arguments.work);
  if (!network.float_model) {
    throw base::InputError(
        {arguments.work.model, "--precision", "float for an int8 model", "int8, or a float model"});
  }
  if (arguments.assignment != "exact") {
    throw base::InputError({"--assign", "", arguments.assignment + " with --precision float",
                            "--precision int8: multipliers are int8 circuits"});
  }
  refuse_quantization_options(arguments.work.quantization, "--precision float", "--precision int8");
  if (arguments.explain) {
    throw base::InputError({"--explain", "", "--precision float", "--precision int8"});
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

// How each computing layer is computed, and why.
Json explain(const engine::Int8Engine& engine, const engine::Assignment& assignment,
             std::size_t num_images) {
  Json layers = Json::array();
  const std::vector<int> nodes = model::computing_nodes(engine.model());
  const auto batch = static_cast<int>(std::min(num_images, engine::kEvaluationBatch));
  for (std::size_t l = 0; l < nodes.size(); ++l) {
    const arith::NamedMultiplier& named = *assignment.multipliers[l];
    const arith::Multiplier* const multiplier = &named.multiplier;
    const kernel::table::Choice choice = engine.explain(nodes[l], {&multiplier, 1}, batch);
    layers.push_back({{"layer", engine.model().nodes[static_cast<std::size_t>(nodes[l])].name},
                      {"multiplier", named.name},
                      {"depth", engine.computing_layer(nodes[l]).geometry.depth()},
                      {"strategy", choice.strategy},
                      {"reason", choice.reason},
                      {"strategy_for_sparse_activations", choice.sparse_strategy},
                      {"matrix_products", choice.num_terms},
                      {"prepared_bytes", choice.prepared_bytes},
                      {"safe_narrow_depth", choice.safe_depth}});
  }
  return layers;
}

// "matrix product of bytes: why"; a second strategy only where it is another one.
std::string strategy_of(const Json& layer) {
  const int safe_depth = layer["safe_narrow_depth"].get<int>();
  const auto strategy = layer["strategy"].get<std::string>();
  const auto for_sparse = layer["strategy_for_sparse_activations"].get<std::string>();
  return fmt::format(
      "{}: {}{}{}", strategy, layer["reason"].get<std::string>(),
      safe_depth == 0 ? "" : fmt::format(" over {} products or more", safe_depth),
      strategy == for_sparse ? "" : fmt::format("; where most activations are 0: {}", for_sparse));
}

void print_explanation(const Json& layers) {
  std::vector<std::vector<std::string>> rows = {
      {"layer", "multiplier", "depth", "products", "prepared KiB", "strategy: reason"}};
  for (const Json& layer : layers) {
    rows.push_back({layer["layer"].get<std::string>(), layer["multiplier"].get<std::string>(),
                    std::to_string(layer["depth"].get<int>()),
                    std::to_string(layer["matrix_products"].get<int>()),
                    fmt::format("{:.1f}", layer["prepared_bytes"].get<double>() / 1024),
                    strategy_of(layer)});
  }
  fmt::print("\nkernels: {}\n{}", kernel::isa_name(kernel::active_isa()),
             base::align_columns(rows));
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
          .calibration = work.calibration,
          .layers = arguments.explain ? explain(engine, assignment, work.labels.size()) : Json()};
}

void print(const Accuracy& accuracy, const EvaluateArguments& arguments,
           const CommonOptions& common) {
  const double fraction =
      static_cast<double>(accuracy.correct) / static_cast<double>(accuracy.images);
  if (common.json) {
    Json json = {{"model", arguments.work.model},
                 {"data", arguments.work.data},
                 {"precision", arguments.precision},
                 {"assignment", accuracy.assignment},
                 {"accuracy", fraction},
                 {"correct", accuracy.correct},
                 {"images", accuracy.images},
                 {"preprocessing", accuracy.preprocessing},
                 {"calibration", accuracy.calibration}};
    if (!accuracy.layers.is_null()) {
      json["isa"] = kernel::isa_name(kernel::active_isa());
      json["layers"] = accuracy.layers;
    }
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("accuracy {:.2f} % ({} of {} images), {}{}\n", 100 * fraction, accuracy.correct,
             accuracy.images, arguments.precision,
             accuracy.assignment.empty() ? "" : ", multipliers: " + accuracy.assignment);
  fmt::print("input: {}\n", accuracy.preprocessing);
  if (!accuracy.calibration.empty()) fmt::print("calibration: {}\n", accuracy.calibration);
  if (!accuracy.layers.is_null()) print_explanation(accuracy.layers);
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
  command->add_flag("--explain", arguments->explain,
                    "Say how the products of each layer are computed, and why");
  finish_command(*command, selection,
                 [&selection, arguments] { run(*arguments, selection.common); });
}

}  // namespace deepaxe::cli
