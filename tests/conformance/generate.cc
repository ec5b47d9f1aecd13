// conformance_generate: writes random cases and checks on the way that all kernels agree on them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "case_files.h"
#include "deepaxe/base/file.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "foreign.h"
#include "kernel_check.h"
#include "random_graph.h"

namespace deepaxe::conformance {
namespace {

struct Arguments {
  std::filesystem::path folder;
  int num_cases = 300;
  int first_case = 0;
  std::uint64_t seed = 1;
};

// Every fourth case is written as others write.
nlohmann::ordered_json generate_case(const Arguments& arguments, int index) {
  const Case made = make_case(arguments.seed, index);
  const bool foreign = index % 4 == 3;
  FileCase file{.name = made.model.name,
                .tflite = frontend::tflite::format_tflite(made.model),
                .images = made.images};
  if (foreign) {
    file.tflite =
        as_foreign_file(file.tflite, Draw(arguments.seed + 1, static_cast<std::uint64_t>(index)));
  }
  const RunCase run = run_case(file);
  if (!foreign && model::content_key(run.model) != model::content_key(made.model)) {
    throw std::runtime_error("the model changed between writing and reading");
  }
  const std::string difference = find_difference(run.model, file.images, run.tensors);
  if (!difference.empty()) throw std::runtime_error("kernels disagree: " + difference);
  return write_case(file, run, arguments.folder);
}

// Goes through all cases, whatever fails; the number of those that failed.
int generate(const Arguments& arguments) {
  std::filesystem::create_directories(arguments.folder);
  auto cases = nlohmann::ordered_json::array();
  int num_failed = 0;
  for (int i = 0; i < arguments.num_cases; ++i) {
    const int index = arguments.first_case + i;
    try {
      cases.push_back(generate_case(arguments, index));
    } catch (const std::exception& error) {
      fmt::print(stderr, "case {}: {}\n", index, error.what());
      ++num_failed;
    }
  }
  const nlohmann::ordered_json all{{"seed", arguments.seed}, {"cases", cases}};
  base::write_file_atomically(arguments.folder / "cases.json", all.dump(1) + "\n");
  fmt::print("{} cases written to {}, {} failed\n", cases.size(), arguments.folder.string(),
             num_failed);
  return num_failed;
}

}  // namespace
}  // namespace deepaxe::conformance

int main(int argc, char** argv) {
  deepaxe::conformance::Arguments arguments;
  CLI::App program("Writes random int8 graphs, their inputs and the tensors of our kernels.");
  program.add_option("-o,--output", arguments.folder, "Folder to write to")->required();
  program.add_option("--cases", arguments.num_cases, "Number of graphs")->capture_default_str();
  program.add_option("--first", arguments.first_case, "Number of the first")->capture_default_str();
  program.add_option("--seed", arguments.seed, "Seed")->capture_default_str();
  CLI11_PARSE(program, argc, argv);
  return deepaxe::conformance::generate(arguments) == 0 ? 0 : 1;
}
