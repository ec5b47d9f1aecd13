// deepaxe data get | export: data sets into the cache folder, and out of the program.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/cli/command.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/download.h"
#include "deepaxe/dataset/npz.h"

namespace deepaxe::cli {
namespace {

struct ExportArguments {
  std::string data;
  std::string output;
  std::size_t train_images = 30'000;
};

void get(const std::string& name, const CommonOptions& common) {
  const auto folder = dataset::fetch(dataset::remote_dataset(name), dataset::default_cache_folder(),
                                     [&common](const std::string& line) { remark(common, line); });
  if (common.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"name", name}, {"folder", folder.string()}}.dump(2));
  } else {
    fmt::print("{} is in {}; use it as --data {}\n", name, folder.string(), name);
  }
}

void export_data(const CLI::App& command, const ExportArguments& arguments,
                 const CommonOptions& common) {
  if (arguments.data != "digits" && !arguments.data.starts_with("digits:")) {
    refuse_idle(command, {"--train-images"}, arguments.data,
                "digits, which are made: of others all are written");
  }
  const dataset::Dataset data =
      dataset::load(arguments.data, {.with_train = true,
                                     .digits_train_images = arguments.train_images,
                                     .num_threads = common.threads,
                                     .cache = {}});
  dataset::write_npz(data, arguments.output);
  if (common.json) {
    const nlohmann::ordered_json json = {{"output", arguments.output},
                                         {"test_images", data.test.size()},
                                         {"train_images", data.train.size()}};
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("wrote {}: {} test and {} training images\n", arguments.output, data.test.size(),
               data.train.size());
  }
}

}  // namespace

void add_data(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("data", "Data sets");
  command->require_subcommand(1);
  CLI::App* get_command =
      command->add_subcommand("get", "Download a data set, check it, keep it in the cache folder");
  const auto name = std::make_shared<std::string>();
  get_command->add_option("NAME", *name, "mnist or cifar10")->required();
  finish_command(*get_command, selection, [&selection, name] { get(*name, selection.common); });

  CLI::App* export_command =
      command->add_subcommand("export", "Write a data set as .npz, to train on the same images");
  const auto arguments = std::make_shared<ExportArguments>();
  export_command->add_option("DATA", arguments->data, "As --data elsewhere: digits, mnist...")
      ->required();
  export_command->add_option("-o,--output", arguments->output, "The .npz to write")->required();
  export_command->add_option("--train-images", arguments->train_images, "Training images of digits")
      ->capture_default_str();
  finish_command(*export_command, selection,

                 [export_command, &selection, arguments] {
                   export_data(*export_command, *arguments, selection.common);
                 });
}

}  // namespace deepaxe::cli
