// deepaxe generate: the accelerator of one design point as source, proven equal to the engine.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/accelerator.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/cli/hls_options.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/cli/study_point.h"
#include "deepaxe/cli/verilog_accelerator.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/hw/cost/cost.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/synthesis/verilog_forms.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::cli {
namespace {

struct GenerateArguments {
  WorkArguments work;
  std::string assignment = "exact";
  std::string target = "hls";
  std::string folder;
  HlsArguments hls;
  std::string outputs = "1";
  std::string baseline = "gate";
  std::string memory = "block";
  std::string study;
  std::string point;
  double clock_mhz = 100;
  std::string part;
  std::string weight_memory = "rom";
  std::string schedule = "sequential";
  double verify_seconds = 3600;
  bool verify = false;
  bool verify_all = false;
  std::vector<CLI::Option*> hls_only, verilog_only;  ///< What the other target would not look at.
};

void print(const AcceleratorCheck& check, const GenerateArguments& arguments,
           const std::string& assignment, const CommonOptions& common) {
  if (common.json) {
    const nlohmann::ordered_json json = {{"folder", arguments.folder},
                                         {"target", arguments.target},
                                         {"assignment", assignment},
                                         {"verified", !check.compilers.empty()},
                                         {"verified_images", check.images},
                                         {"layers_verified_images", check.traced_images},
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
  if (check.traced_images > 0) {
    fmt::print("verified layer by layer: all codes of {} images equal the engine's\n",
               check.traced_images);
  }
  if (check.streamed_images > 0) {
    fmt::print("verified over {} images: all logits equal, accuracy {:.2f} %\n",
               check.streamed_images,
               100 * static_cast<double>(check.streamed_correct) /
                   static_cast<double>(check.streamed_images));
  }
}

// "4 outputs in parallel, baseline gate, memories block, sequential".
std::string hardware_text(const StudyPoint& point) {
  return fmt::format("{} in parallel, baseline {}, memories {}, {}",
                     hw::cost::describe_outputs(point.outputs), hw::cost::to_string(point.baseline),
                     hw::cost::to_string(point.memory), hw::cost::to_string(point.schedule));
}

void print_verilog(const VerilogCheck& check, const model::Int8Model& model,
                   const GenerateArguments& arguments, const StudyPoint& point,
                   const std::string& assignment, const CommonOptions& common) {
  const hw::cost::EngineTiming timing =
      hw::cost::engine_timing(model, point.outputs, point.schedule);
  const hw::cost::WeightBandwidth weights = hw::cost::weight_bandwidth(
      model, point.outputs, point.external_weights, timing.weight_cycles);
  const double mean_rate = weights.mean_bytes_per_second(arguments.clock_mhz);
  const double most_rate = weights.most_bytes_per_second(arguments.clock_mhz);
  if (common.json) {
    nlohmann::ordered_json json = {
        {"folder", arguments.folder},      {"target", arguments.target},
        {"assignment", assignment},        {"verified", !check.simulator.empty()},
        {"verified_images", check.images}, {"simulator", check.simulator}};
    json["outputs"] = point.outputs;
    json["baseline"] = hw::cost::to_string(point.baseline);
    json["memory"] = hw::cost::to_string(point.memory);
    json["schedule"] = hw::cost::to_string(point.schedule);
    json["interval_cycles"] = timing.interval;
    json["cycles"] =
        check.simulator.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(check.cycles);
    json["external_weights"] = {{"bytes_per_image", weights.bytes_per_image},
                                {"mean_bytes_per_second", mean_rate},
                                {"most_bytes_per_second", most_rate}};
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("wrote {}: {} as Verilog, {}\n", arguments.folder, assignment, hardware_text(point));
  if (weights.bytes_per_image > 0) {
    fmt::print("weights from outside: {} bytes an image, {:.1f} MB/s, {:.1f} MB/s at most\n",
               weights.bytes_per_image, mean_rate / 1e6, most_rate / 1e6);
  }
  if (!check.simulator.empty()) {
    const bool is_pipelined = point.schedule == hw::design::ImageSchedule::kPipelined;
    fmt::print("verified with {}: logits of {} images equal the engine's, {}{} cycles{}\n",
               check.simulator, check.images, is_pipelined ? "one every " : "", check.cycles,
               is_pipelined ? "" : " an image");
  }
}

// What the options say, or the point of a study.
StudyPoint chosen_point(const GenerateArguments& arguments, const model::Int8Model& model) {
  if (!arguments.study.empty()) return load_study_point(arguments.study, arguments.point, model);
  return {.assignment = engine::parse_assignment(arguments.assignment, model),
          .outputs = parse_parallel_outputs(arguments.outputs, model),
          .baseline = hw::cost::parse_baseline(arguments.baseline).value(),
          .memory = hw::cost::parse_memory_style(arguments.memory).value(),
          .schedule = hw::cost::parse_image_schedule(arguments.schedule).value(),
          .external_weights = parse_weight_memory(arguments.weight_memory, model)};
}

void generate_hls(const Design& design, const StudyPoint& point, const GenerateArguments& arguments,
                  const CommonOptions& common) {
  if (point.schedule != hw::design::ImageSchedule::kSequential) {
    throw base::InputError({"--target hls", "", "--schedule pipelined",
                            "--target verilog: an HLS tool has its own directive for that"});
  }
  if (point.memory != hw::cost::MemoryStyle::kBlock) {
    throw base::InputError({"--target hls", "", "memories in LUTs",
                            "--target verilog: an HLS tool chooses its memories"});
  }
  if (std::ranges::find(point.external_weights, true) != point.external_weights.end()) {
    throw base::InputError({"--target hls", "", "--weight-memory external",
                            "--target verilog: the weights of HLS sources are arrays of theirs"});
  }
  AcceleratorParams params{.folder = arguments.folder,
                           .hls = to_params(arguments.hls, arguments.clock_mhz)};
  params.hls.parallel_outputs = point.outputs;
  // A study says what its exact multipliers are; otherwise they are left to the tool.
  if (!arguments.study.empty() && point.baseline == hw::cost::Baseline::kGate) {
    params.hls.exact_as_operator = false;
  }
  write_accelerator(design, params);
  AcceleratorCheck check;
  if (arguments.verify || arguments.verify_all) {
    check = verify_accelerator(design, params, arguments.verify_all);
  }
  print(check, arguments, engine::to_string(design.assignment, design.engine.model()), common);
}

// Throws base::InputError if the estimates of the design exceed the part asked for.
void require_part(const Design& design, const StudyPoint& point, const std::string& part) {
  if (part.empty()) return;
  hw::cost::HardwareParams params;
  params.layer_outputs = point.outputs;
  params.baseline = point.baseline;
  params.memory = point.memory;
  params.external_weights = point.external_weights;
  params.schedule = point.schedule;
  params.part = hw::cost::find_part(part);
  const hw::cost::CostReport report =
      hw::cost::estimate_cost(design.engine.model(), multipliers_of(design.assignment), params);
  if (report.shortages.empty()) return;
  throw base::InputError({"--part", std::string(params.part.name),
                          hw::cost::to_string(report.shortages),
                          "a design that the part can hold"});
}

hw::verilog::VerilogParams verilog_params(const StudyPoint& point, double clock_mhz) {
  hw::verilog::VerilogParams params;
  params.parallel_outputs = point.outputs;
  params.clock_mhz = clock_mhz;
  params.exact_form = hw::synthesis::to_verilog(point.baseline);
  params.memory = hw::synthesis::to_verilog(point.memory);
  params.weight_streams = point.external_weights;
  params.schedule = point.schedule;
  return params;
}

void generate_verilog(const Design& design, const StudyPoint& point,
                      const GenerateArguments& arguments, const CommonOptions& common) {
  const model::Int8Model& model = design.engine.model();
  require_part(design, point, arguments.part);
  hw::design::write_folder(
      arguments.folder,
      hw::verilog::generate_verilog(model, multipliers_of(design.assignment),
                                    make_test_vectors(design.engine, design.images, design.logits),
                                    verilog_params(point, arguments.clock_mhz)));
  VerilogCheck check;
  if (arguments.verify) check = verify_verilog(arguments.folder, arguments.verify_seconds);
  print_verilog(check, model, arguments, point, engine::to_string(design.assignment, model),
                common);
}

// Throws base::InputError for an option that the target would not look at.
void require_options_of_target(const GenerateArguments& arguments) {
  const bool is_verilog = arguments.target == "verilog";
  for (const CLI::Option* option : is_verilog ? arguments.hls_only : arguments.verilog_only) {
    if (option->count() == 0) continue;
    throw base::InputError({option->get_name(), "", "--target " + arguments.target,
                            is_verilog ? "--target hls"
                                       : "--target verilog (hls: --exact-as-gates, or what the "
                                         "tool makes of *; --verify has no limit)"});
  }
}

void run(const GenerateArguments& arguments, const CommonOptions& common) {
  require_options_of_target(arguments);
  if (!arguments.part.empty()) {
    hw::cost::find_part(arguments.part);
    if (arguments.target != "verilog") {
      throw base::InputError({"--part", "", "--target " + arguments.target,
                              "--target verilog: the estimates are of that engine"});
    }
  }
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  const StudyPoint point = chosen_point(arguments, engine.model());
  const engine::Evaluation expected =
      engine::evaluate(engine, point.assignment, work.codes, work.labels, common.threads);
  const Design design{.engine = engine,
                      .assignment = point.assignment,
                      .images = work.codes,
                      .labels = work.labels,
                      .logits = expected.logits};
  if (arguments.target == "verilog") {
    generate_verilog(design, point, arguments, common);
  } else {
    generate_hls(design, point, arguments, common);
  }
}

}  // namespace

void add_generate(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("generate", "The accelerator of one design point, as source");
  const auto a = std::make_shared<GenerateArguments>();
  add_model_options(*command, a->work);
  add_data_options(*command, a->work);
  CLI::Option* assign =
      command->add_option("--assign", a->assignment, "Multipliers, as for evaluate")
          ->capture_default_str();
  command
      ->add_option("--target", a->target,
                   "hls: portable C++; verilog: synthesizable modules with AXI interfaces")
      ->check(CLI::IsMember({"hls", "verilog"}))
      ->capture_default_str();
  command->add_option("-o,--output", a->folder, "Folder to write; whole or not at all")->required();
  a->hls_only = add_hls_options(*command, a->hls);
  CLI::Option* outputs =
      command
          ->add_option("--outputs,--parallel", a->outputs,
                       "Outputs of a layer computed in parallel: N, or LAYER=N,LAYER=N (1 for the "
                       "others)")
          ->capture_default_str();
  CLI::Option* baseline =
      command
          ->add_option(
              "--baseline", a->baseline,
              "verilog: what exact multipliers are made of, as for cost: dsp, native, gate")
          ->check(CLI::IsMember({"dsp", "native", "gate"}))
          ->capture_default_str();
  CLI::Option* memory = command
                            ->add_option("--memory", a->memory,
                                         "verilog: what memories are made of: block, distributed")
                            ->check(CLI::IsMember({"block", "distributed"}))
                            ->capture_default_str();
  CLI::Option* study = command->add_option(
      "--study", a->study, "A study of explore: take assignment and hardware of its --point");
  CLI::Option* point = command->add_option(
      "--point", a->point, "Beginning of a point's key, the first column of deepaxe pareto");
  point->needs(study);
  add_part_option(*command, a->part, "verilog: refuse a design that it cannot hold");
  command->add_option("--clock", a->clock_mhz, "Clock of constraints and scripts, in MHz")
      ->check(CLI::Range(0.001, 10000.0))
      ->check(kFinite)
      ->capture_default_str();
  command->add_flag(
      "--verify", a->verify,
      "Compare 200 images: hls, compiled with g++ and clang++ (those found), and every "
      "layer of 20; verilog, in Verilator or else Icarus Verilog");
  CLI::Option* weights = add_weight_memory_option(*command, a->weight_memory, "verilog: ");
  CLI::Option* schedule = add_schedule_option(*command, a->schedule, "verilog: ");
  study->needs(point);
  for (CLI::Option* option : {assign, outputs, baseline, memory, weights, schedule}) {
    study->excludes(option);
  }
  CLI::Option* seconds =
      command
          ->add_option("--verify-seconds", a->verify_seconds,
                       "verilog: time that --verify may take, compilation included")
          ->check(CLI::Range(0.1, 1e6))
          ->capture_default_str();
  a->hls_only.push_back(
      command->add_flag("--verify-all", a->verify_all, "hls: and every image of --data"));
  a->verilog_only = {baseline, seconds};
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
