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
#include "deepaxe/cli/generate_options.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/cli/physical_estimates.h"
#include "deepaxe/cli/verilog_accelerator.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/hw/cost/cost.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/synthesis/verilog_forms.h"
#include "deepaxe/hw/timing/clock_model.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::cli {
namespace {

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
          .baseline = known(hw::cost::parse_baseline(arguments.baseline)),
          .memory = known(hw::cost::parse_memory_style(arguments.memory)),
          .schedule = known(hw::cost::parse_image_schedule(arguments.schedule)),
          .external_weights = parse_weight_memory(arguments.weight_memory, model)};
}

// What fails from here on, fails of a folder that is there.
void remark_written(const GenerateArguments& arguments, const CommonOptions& common) {
  remark(common, arguments.folder + " is written; verifying it");
}

void generate_hls(const Design& design, const StudyPoint& point, const GenerateArguments& arguments,
                  const CommonOptions& common) {
  require_hls_point(point);
  AcceleratorParams params{.folder = arguments.folder,
                           .hls = to_params(arguments.hls, arguments.clock_mhz)};
  params.hls.parallel_outputs = point.outputs;
  // A study says what its exact multipliers are; otherwise they are left to the tool.
  if (!arguments.study.empty() && point.baseline == hw::cost::Baseline::kGate) {
    params.hls.exact_as_operator = false;
  }
  params.verify_seconds = arguments.verify_seconds;
  write_accelerator(design, params);
  const std::string name = engine::to_string(design.assignment, design.engine.model());
  AcceleratorCheck check;
  if (arguments.verify || arguments.verify_all) {
    remark_written(arguments, common);
    check = verify_accelerator(design, params, arguments.verify_all);
  }
  print(check, arguments, name, common);
}

hw::cost::HardwareParams hardware_of(const StudyPoint& point) {
  hw::cost::HardwareParams params;
  params.layer_outputs = point.outputs;
  params.baseline = point.baseline;
  params.memory = point.memory;
  params.external_weights = point.external_weights;
  params.schedule = point.schedule;
  return params;
}

// Throws base::InputError if the estimates of the design exceed the part asked for.
void require_part(const Design& design, const StudyPoint& point, const std::string& part) {
  if (part.empty()) return;
  hw::cost::HardwareParams params = hardware_of(point);
  params.part = hw::cost::find_part(part);
  const hw::cost::CostReport report =
      hw::cost::estimate_cost(design.engine.model(), multipliers_of(design.assignment), params);
  if (report.shortages.empty()) return;
  throw base::InputError({"--part", std::string(params.part.name),
                          hw::cost::to_string(report.shortages),
                          "a design that the part can hold"});
}

// The constraint is written as asked for: a tool may do better than the estimate.
void warn_of_clock(const Design& design, const StudyPoint& point, double clock_mhz,
                   const CommonOptions& common) {
  const model::Int8Model& model = design.engine.model();
  const hw::timing::ClockModel clock(model, hardware_of(point));
  const hw::timing::ClockEstimate estimate = clock.estimate(multipliers_of(design.assignment));
  if (hw::timing::to_mhz(estimate.period().ns) >= clock_mhz) return;
  remark(common, fmt::format("warning: --clock {:g} is above the estimate, {}; deepaxe cost has "
                             "every layer",
                             clock_mhz, describe_clock(model, estimate)));
}

// The device of the Vivado script: that of --part, whose package only --device can name.
std::string device_of(const GenerateArguments& arguments) {
  const std::string& device = arguments.hls.device;
  if (arguments.part.empty()) return device;
  const hw::cost::Part& part = hw::cost::find_part(arguments.part);
  if (hw::cost::find_part_of_device(device) == &part) return device;
  if (device != HlsArguments().device) {
    throw base::InputError(
        {"--device", "", device, "a package of --part " + std::string(part.name)});
  }
  return "";
}

hw::verilog::VerilogParams verilog_params(const StudyPoint& point,
                                          const GenerateArguments& arguments) {
  hw::verilog::VerilogParams params;
  params.parallel_outputs = point.outputs;
  params.clock_mhz = arguments.clock_mhz;
  params.device = device_of(arguments);
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
  warn_of_clock(design, point, arguments.clock_mhz, common);
  hw::design::write_folder(
      arguments.folder,
      hw::verilog::generate_verilog(model, multipliers_of(design.assignment),
                                    make_test_vectors(design.engine, design.images, design.logits),
                                    verilog_params(point, arguments)));
  const std::string name = engine::to_string(design.assignment, model);
  VerilogCheck check;
  if (arguments.verify) {
    remark_written(arguments, common);
    check = verify_verilog(arguments.folder, arguments.verify_seconds);
  }
  print_verilog(check, model, arguments, point, name, common);
}

void run(const CLI::App& command, const GenerateArguments& arguments, const CommonOptions& common) {
  refuse_idle_options(command, arguments);
  if (!arguments.part.empty()) hw::cost::find_part(arguments.part);
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
  add_generate_options(*command, *a);
  finish_command(*command, selection,
                 [command, &selection, a] { run(*command, *a, selection.common); });
}

}  // namespace deepaxe::cli
