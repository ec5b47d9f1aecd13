#include "deepaxe/cli/generate_options.h"

#include <algorithm>

#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/hardware_options.h"

namespace deepaxe::cli {
namespace {

// Why HLS sources know nothing of a choice of the Verilog engine.
constexpr const char* kHlsBaseline =
    "--target verilog (hls: --exact-as-gates, or what the tool makes of *)";
constexpr const char* kHlsMemory = "--target verilog: an HLS tool chooses its memories";
constexpr const char* kHlsSchedule = "--target verilog: an HLS tool has its own directive for that";
constexpr const char* kHlsWeights =
    "--target verilog: the weights of HLS sources are arrays of theirs";

}  // namespace

void add_generate_options(CLI::App& command, GenerateArguments& a) {
  add_model_options(command, a.work);
  add_data_options(command, a.work);
  CLI::Option* assign =
      command.add_option("--assign", a.assignment, "Multipliers, as for evaluate")
          ->capture_default_str();
  command
      .add_option("--target", a.target,
                  "hls: portable C++; verilog: synthesizable modules with AXI interfaces")
      ->check(CLI::IsMember({"hls", "verilog"}))
      ->capture_default_str();
  command.add_option("-o,--output", a.folder, "Folder to write; whole or not at all")->required();
  add_hls_options(command, a.hls);
  CLI::Option* outputs =
      command
          .add_option("--outputs,--parallel", a.outputs,
                      "Outputs of a layer computed in parallel: N, or LAYER=N,LAYER=N (1 for the "
                      "others)")
          ->capture_default_str();
  CLI::Option* baseline =
      command
          .add_option("--baseline", a.baseline,
                      "verilog: what exact multipliers are made of, as for cost: dsp, native, gate")
          ->check(CLI::IsMember({"dsp", "native", "gate"}))
          ->capture_default_str();
  CLI::Option* memory = add_memory_option(command, a.memory, "verilog: ");
  CLI::Option* study = command.add_option(
      "--study", a.study, "A study of explore: take assignment and hardware of its --point");
  CLI::Option* point = command.add_option(
      "--point", a.point, "Beginning of a point's key, the first column of deepaxe pareto");
  point->needs(study);
  add_part_option(command, a.part, "verilog: refuse a design that it cannot hold");
  command.add_option("--clock", a.clock_mhz, "Clock of constraints and scripts, in MHz")
      ->check(CLI::Range(0.001, 10000.0))
      ->check(kFinite)
      ->capture_default_str();
  command.add_flag(
      "--verify", a.verify,
      "Compare 200 images: hls, compiled with g++ and clang++ (those found), and every "
      "layer of 20; verilog, in Verilator or else Icarus Verilog");
  CLI::Option* weights = add_weight_memory_option(command, a.weight_memory, "verilog: ");
  CLI::Option* schedule = add_schedule_option(command, a.schedule, "verilog: ");
  study->needs(point);
  for (CLI::Option* option : {assign, outputs, baseline, memory, weights, schedule}) {
    study->excludes(option);
  }
  command
      .add_option("--verify-seconds", a.verify_seconds,
                  "Time that --verify may take, compilation included; hls: each compilation and "
                  "each run")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command.add_flag("--verify-all", a.verify_all, "hls: and every image of --data");
}

void refuse_idle_options(const CLI::App& command, const GenerateArguments& arguments) {
  const std::string target = "--target " + arguments.target;
  if (!arguments.verify && !arguments.verify_all) {
    refuse_idle(command, {"--verify-seconds"}, "no --verify", "--verify, whose limit it is");
  }
  if (arguments.target == "verilog") {
    refuse_idle(command,
                {"--multiplier-form", "--exact-as-gates", "--profile", "--loop-order", "--pipeline",
                 "--unroll", "--verify-all"},
                target, "--target hls");
    return;
  }
  refuse_idle(command, {"--baseline"}, target, kHlsBaseline);
  refuse_idle(command, {"--memory"}, target, kHlsMemory);
  refuse_idle(command, {"--schedule"}, target, kHlsSchedule);
  refuse_idle(command, {"--weight-memory"}, target, kHlsWeights);
  refuse_idle(command, {"--part"}, target, "--target verilog: the estimates are of that engine");
  if (arguments.hls.profile == "deephls") {
    refuse_idle(command, {"--outputs", "--loop-order", "--pipeline", "--unroll"},
                "--profile deephls", "--profile deepaxe: that nest is of the paper's generator");
  }
}

void require_hls_point(const StudyPoint& point) {
  const auto refuse = [](const std::string& what, const char* expected) {
    throw base::InputError({"--target", "", "hls for a point of the study " + what, expected});
  };
  if (point.schedule != hw::design::ImageSchedule::kSequential) {
    refuse("that is pipelined", kHlsSchedule);
  }
  if (point.memory != hw::cost::MemoryStyle::kBlock) refuse("with memories in LUTs", kHlsMemory);
  if (std::ranges::find(point.external_weights, true) != point.external_weights.end()) {
    refuse("with weights from outside", kHlsWeights);
  }
}

}  // namespace deepaxe::cli
