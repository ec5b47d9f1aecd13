// deepaxe inject-rtl: a fault campaign in the registers and memories of the generated accelerator.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/base/progress.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/cli/accelerator.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/cli/state_report.h"
#include "deepaxe/cli/verilog_accelerator.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/inject/state_campaign.h"
#include "deepaxe/hw/verilog/fault_bench_source.h"
#include "deepaxe/hw/verilog/state_places.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::cli {
namespace {

namespace fs = std::filesystem;
using hw::inject::StateCampaignResult;

std::vector<std::string> group_names() {
  std::vector<std::string> names;
  names.reserve(hw::verilog::kNumStateGroups);
  for (int group = 0; group < hw::verilog::kNumStateGroups; ++group) {
    names.emplace_back(hw::verilog::to_string(static_cast<hw::verilog::StateGroup>(group)));
  }
  return names;
}

struct InjectRtlArguments {
  WorkArguments work;
  std::string assignment = "exact";
  std::string outputs = "1";
  std::string weight_memory = "rom";
  std::string schedule = "sequential";
  std::vector<std::string> targets = {"accumulator", "data", "counter", "control"};
  std::int64_t faults = 1000;
  double tool_seconds = 1800;
  std::string folder;
  std::string csv;
};

void run(const InjectRtlArguments& arguments, const CommonOptions& common) {
  base::require_writable(arguments.csv);
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  const model::Int8Model& model = engine.model();
  const engine::Assignment assignment = engine::parse_assignment(arguments.assignment, model);
  const engine::Evaluation golden =
      engine::evaluate(engine, assignment, work.codes, work.labels, common.threads);
  const auto vectors = make_test_vectors(engine, work.codes, golden.logits);
  hw::verilog::VerilogParams verilog;
  verilog.parallel_outputs = parse_parallel_outputs(arguments.outputs, model);
  verilog.weight_streams = parse_weight_memory(arguments.weight_memory, model);
  verilog.schedule = known(hw::cost::parse_image_schedule(arguments.schedule));
  // A folder of our own is gone at the end; one that was asked for stays.
  std::optional<base::ScratchFolder> own;
  if (arguments.folder.empty()) own.emplace("deepaxe-inject-rtl");
  const fs::path folder = own ? own->path() / "design" : fs::path(arguments.folder);
  hw::design::write_folder(
      folder, hw::verilog::generate_verilog(model, multipliers_of(assignment), vectors, verilog));
  remark(common, "compiling the accelerator");
  const hw::inject::FaultBench bench(
      folder, hw::verilog::fault_cycles(model, verilog.parallel_outputs, verilog.schedule),
      static_cast<std::int64_t>(engine.node_size(0)), arguments.tool_seconds);

  hw::inject::StateCampaignParams params;
  for (const std::string& target : arguments.targets) {
    params.groups.push_back(known(hw::verilog::parse_state_group(target)));
  }
  params.num_faults = arguments.faults;
  params.seed = static_cast<std::uint64_t>(common.seed);
  params.num_images = vectors.count;
  params.jobs = common.threads > 0 ? common.threads : base::default_thread_count();
  base::Progress progress("inject-rtl", static_cast<std::uint64_t>(arguments.faults), "faults",
                          common.quiet);
  params.progress = [&progress](std::int64_t faults) {
    progress.add(static_cast<std::uint64_t>(faults));
  };
  const StateCampaignResult result =
      hw::inject::run_state_campaign(bench, vectors.logits, work.labels, params);
  const StateReport report{engine::to_string(assignment, model), bench, vectors.count, result};
  if (!arguments.csv.empty()) base::write_file_atomically(arguments.csv, state_csv(report));
  fmt::print("{}", common.json ? state_json(report) : state_text(report));
}

}  // namespace

void add_inject_rtl(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand(
      "inject-rtl", "Fault campaign in the registers of the generated Verilog, in Verilator");
  const auto a = std::make_shared<InjectRtlArguments>();
  add_model_options(*command, a->work);
  add_data_options(*command, a->work);
  command->add_option("--assign", a->assignment, "Multipliers, as for evaluate")
      ->capture_default_str();
  command
      ->add_option("--outputs,--parallel", a->outputs,
                   "Outputs of a layer computed in parallel: N, or LAYER=N,LAYER=N (1 for the "
                   "others)")
      ->capture_default_str();
  add_weight_memory_option(*command, a->weight_memory);
  add_schedule_option(*command, a->schedule);
  command
      ->add_option("--target", a->targets,
                   "What is hit: " + fmt::format("{}", fmt::join(group_names(), ", ")))
      ->delimiter(',')
      ->check(CLI::IsMember(group_names()))
      ->capture_default_str();
  command
      ->add_option("--faults", a->faults,
                   "Faults: each flips one bit in one cycle of one image (of the first 200)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}))
      ->capture_default_str();
  command->add_option("--tool-seconds", a->tool_seconds, "Time limit of Verilator and the compiler")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command->add_option("-o,--output", a->folder, "Keep the generated design in this folder");
  command->add_option("--csv", a->csv, "Write every fault with its outcome");
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
