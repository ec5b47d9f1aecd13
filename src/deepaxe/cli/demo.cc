// deepaxe demo: the main job on built-in data: explore, choose, generate, prove.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/cli/accelerator.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/data_folder.h"
#include "deepaxe/cli/exploration.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/cli/study_view.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "deepaxe/report/charts.h"
#include "deepaxe/report/html.h"
#include "deepaxe/report/tables.h"

namespace deepaxe::cli {
namespace {

constexpr double kChosenDrop = 0.005;  // The choice may lose half a percentage point.

// Of the Pareto set, the design with the fewest FF + LUT among those within the drop.
const report::Row* choose(const report::StudyTable& table) {
  const report::Row* chosen = nullptr;
  for (const report::Row* row : table.front()) {
    if (row->accuracy_drop > kChosenDrop) continue;
    if (chosen == nullptr || row->point.cost.resources() < chosen->point.cost.resources()) {
      chosen = row;
    }
  }
  return chosen;
}

std::filesystem::path prepare_folder(const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(name, error);
  std::filesystem::path folder(name);
  base::write_file_atomically(folder / "README.txt",
                              "study.sqlite   every design with its figures\n"
                              "report.html    tables and charts\n"
                              "designs.csv    all designs\n"
                              "pareto.svg     the design space\n"
                              "lenet5.tflite  the int8 network\n"
                              "accelerator/   HLS C++ of the chosen design\n");
  return folder;
}

void write_reports(const report::StudyTable& table, const std::filesystem::path& folder) {
  base::write_file_atomically(folder / "report.html", report::html_page(table));
  base::write_file_atomically(folder / "designs.csv", report::csv_table(table));
  base::write_file_atomically(
      folder / "pareto.svg",
      report::scatter_chart(table, report::Quantity::kUtilization, report::Quantity::kSdcRate));
}

void generate_chosen(const engine::Int8Engine& engine, const Work& work, const report::Row& row,
                     const std::filesystem::path& folder, const CommonOptions& common) {
  const auto assignment = engine::parse_assignment(row.point.assignment, engine.model());
  const auto expected =
      engine::evaluate(engine, assignment, work.codes, work.labels, common.threads);
  AcceleratorParams params;
  params.folder = folder / "accelerator";
  const Design design{.engine = engine,
                      .assignment = assignment,
                      .images = work.codes,
                      .labels = work.labels,
                      .logits = expected.logits};
  write_accelerator(design, params);
  const AcceleratorCheck check = verify_accelerator(design, params, true);
  if (common.json) return;
  fmt::print("\nChosen: {} (fewest FF + LUT of the front within {} points of accuracy)\n",
             row.point.assignment, 100 * kChosenDrop);
  for (const std::string& compiler : check.compilers) {
    fmt::print("HLS C++ compiled with {}: {} images, logits equal the engine's\n", compiler,
               check.images);
  }
  fmt::print("HLS C++ over all {} images: logits equal, accuracy {:.2f} %\n", check.streamed_images,
             100 * static_cast<double>(check.streamed_correct) /
                 static_cast<double>(check.streamed_images));
}

void run(const std::string& output, const CommonOptions& common) {
  const auto start = std::chrono::steady_clock::now();
  const std::filesystem::path folder = prepare_folder(output);
  WorkArguments arguments;
  arguments.model = shipped_file("lenet5-digits.keras").string();
  arguments.data = "digits";
  const Work work = prepare_work(arguments, common);
  const engine::Int8Engine engine(work.model);
  base::write_file_atomically(folder / "lenet5.tflite",
                              frontend::tflite::format_tflite(work.model));
  explore::ExploreParams params;
  params.study = folder / "study.sqlite";
  for (const char* name : {"1KV8", "1KV9", "1KVP"}) {
    params.space.multipliers.push_back(arith::find_multiplier(name));
  }
  params.campaign.max_pairs = 80'000;  // Eight faults for each image: one golden pass a design.
  params.campaign.sampling = fault::automatic_sampling(
      fault::FaultSpace(work.model), work.labels.size(), params.campaign.max_pairs);
  run_exploration(engine, work, params, common);
  const report::StudyTable table = load_study_table(params.study, {});
  fmt::print("{}", common.json ? report::json_table(table)
                               : report::text_table(table, report::Rows::kFront));
  write_reports(table, folder);
  if (const report::Row* chosen = choose(table)) {
    generate_chosen(engine, work, *chosen, folder, common);
  }
  if (common.json) return;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  fmt::print("\nAll of it is in {} (open report.html); {:.1f} s\n", folder.string(),
             seconds.count());
}

}  // namespace

void add_demo(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("demo", "The main job on built-in data: no download, about a minute");
  const auto output = std::make_shared<std::string>("demo-out");
  command->add_option("-o,--output", *output, "Folder for the results")->capture_default_str();
  finish_command(*command, selection, [&selection, output] { run(*output, selection.common); });
}

}  // namespace deepaxe::cli
