// deepaxe generate: the accelerator of one design point as source, proven equal to the engine.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/cli/accelerator.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::cli {
namespace {

struct GenerateArguments {
  WorkArguments work;
  std::string assignment = "exact";
  std::string target = "hls";
  std::string folder;
  std::string form = "gates";
  bool exact_as_gates = false;
  bool verify = false;
  bool verify_all = false;
};

void print(const AcceleratorCheck& check, const GenerateArguments& arguments,
           const std::string& assignment, const CommonOptions& common) {
  if (common.json) {
    const nlohmann::ordered_json json = {{"folder", arguments.folder},
                                         {"target", arguments.target},
                                         {"assignment", assignment},
                                         {"verified", !check.compilers.empty()},
                                         {"verified_images", check.images},
                                         {"compilers", check.compilers},
                                         {"streamed_images", check.streamed_images},
                                         {"streamed_correct", check.streamed_correct}};
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("wrote {}: {} as HLS C++\n", arguments.folder, assignment);
  for (const std::string& compiler : check.compilers) {
    fmt::print("verified with {}: logits of {} images equal the engine's\n", compiler,
               check.images);
  }
  if (check.streamed_images > 0) {
    fmt::print("verified over {} images: all logits equal, accuracy {:.2f} %\n",
               check.streamed_images,
               100 * static_cast<double>(check.streamed_correct) /
                   static_cast<double>(check.streamed_images));
  }
}

void run(const GenerateArguments& arguments, const CommonOptions& common) {
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  const engine::Assignment assignment =
      engine::parse_assignment(arguments.assignment, engine.model());
  AcceleratorParams params;
  params.folder = arguments.folder;
  params.form =
      arguments.form == "table" ? hw::hls::MultiplierForm::kTable : hw::hls::MultiplierForm::kGates;
  params.exact_as_operator = !arguments.exact_as_gates;
  const engine::Evaluation expected =
      engine::evaluate(engine, assignment, work.codes, work.labels, common.threads);
  write_accelerator(engine, assignment, work.codes, expected.logits, params);
  AcceleratorCheck check;
  if (arguments.verify || arguments.verify_all) {
    check =
        verify_accelerator(params, work.codes, work.labels, expected.logits, arguments.verify_all);
  }
  print(check, arguments, engine::to_string(assignment, engine.model()), common);
}

}  // namespace

void add_generate(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("generate", "The accelerator of one design point, as source");
  const auto a = std::make_shared<GenerateArguments>();
  add_model_options(*command, a->work);
  add_data_options(*command, a->work);
  command->add_option("--assign", a->assignment, "Multipliers, as for evaluate")
      ->capture_default_str();
  command->add_option("--target", a->target, "hls: portable C++")
      ->check(CLI::IsMember({"hls"}))
      ->capture_default_str();
  command->add_option("-o,--output", a->folder, "Folder to write; whole or not at all")->required();
  command
      ->add_option("--multiplier-form", a->form,
                   "Approximate multipliers as gates (as in hardware) or table (fast to simulate)")
      ->check(CLI::IsMember({"gates", "table"}))
      ->capture_default_str();
  command->add_flag("--exact-as-gates", a->exact_as_gates,
                    "Exact multipliers in that form too, instead of the operator *");
  command->add_flag("--verify", a->verify,
                    "Compile with g++ and clang++ (those found) and compare 200 images");
  command->add_flag("--verify-all", a->verify_all, "And every image of --data");
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
