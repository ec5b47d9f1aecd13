#include "deepaxe/cli/hardware_options.h"

#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/verilog_accelerator.h"
#include "deepaxe/dataset/download.h"
#include "deepaxe/hw/synthesis/yosys_source.h"

namespace deepaxe::cli {

void add_hardware_options(CLI::App& command, HardwareArguments& arguments,
                          const std::string& sources) {
  command
      .add_option(
          "--outputs", arguments.outputs,
          "Outputs of a layer computed in parallel: N, or LAYER=N,LAYER=N (1 for the others)")
      ->capture_default_str();
  command
      .add_option(
          "--baseline", arguments.baseline,
          "What exact multipliers are made of: dsp (DSP48), native (LUT carry chains), gate "
          "(the gate-level exact circuit, as the paper compares)")
      ->check(CLI::IsMember({"dsp", "native", "gate"}))
      ->capture_default_str();
  add_memory_option(command, arguments.memory);
  add_cycles_option(command, arguments.cycles);
  add_schedule_option(command, arguments.schedule);
  add_weight_memory_option(command, arguments.weight_memory);
  add_part_option(command, arguments.part, "a design that it cannot hold is infeasible");
  add_source_options(command, arguments.source, sources);
}

void add_cycles_option(CLI::App& command, std::string& cycles) {
  command
      .add_option("--cycles", cycles,
                  "paper: its latency law where that is defined (one output), else engine: the "
                  "engine of N parallel outputs, one image alone; interval: from image to image")
      ->check(CLI::IsMember({"paper", "engine", "interval"}))
      ->capture_default_str();
}

CLI::Option* add_memory_option(CLI::App& command, std::string& memory, const std::string& target) {
  return command
      .add_option("--memory", memory,
                  target + "what memories are made of: block, distributed (LUTs)")
      ->check(CLI::IsMember({"block", "distributed"}))
      ->capture_default_str();
}

CLI::Option* add_schedule_option(CLI::App& command, std::string& schedule,
                                 const std::string& target) {
  return command
      .add_option("--schedule", schedule,
                  target +
                      "sequential: one image at a time; pipelined: each layer works on an image "
                      "of its own, the slowest sets the pace, memories between layers hold "
                      "several images")
      ->check(CLI::IsMember({"sequential", "pipelined"}))
      ->capture_default_str();
}

CLI::Option* add_weight_memory_option(CLI::App& command, std::string& weight_memory,
                                      const std::string& target) {
  return command
      .add_option("--weight-memory", weight_memory,
                  target +
                      "where weights lie: rom; external, a stream for each layer, which reads "
                      "them anew for every output position; or LAYER=external,... (rom the "
                      "others)")
      ->capture_default_str();
}

void add_source_options(CLI::App& command, SourceArguments& arguments, const std::string& sources) {
  command.add_option("--source", arguments.source, "Of the resources: " + sources)
      ->capture_default_str();
  command
      .add_option("--tool-seconds", arguments.tool_seconds,
                  "Time limit of the synthesis of one layer or multiplier")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
}

void refuse_idle_source_options(const CLI::App& command, const SourceArguments& arguments) {
  if (arguments.source != "model") return;
  refuse_idle(command, {"--tool-seconds"}, "--source model",
              "--source yosys: a model runs no tool");
}

void add_part_option(CLI::App& command, std::string& part, const std::string& what) {
  command.add_option("--part", part,
                     "Device: xc7s100, xc7a35t, xc7z020... (an unknown name lists all); " + what);
}

hw::cost::HardwareParams to_params(const HardwareArguments& arguments,
                                   const model::Int8Model& model) {
  hw::cost::HardwareParams params;
  params.layer_outputs = parse_parallel_outputs(arguments.outputs, model);
  params.baseline = known(hw::cost::parse_baseline(arguments.baseline));
  params.memory = known(hw::cost::parse_memory_style(arguments.memory));
  params.cycle_model = known(hw::cost::parse_cycle_model(arguments.cycles));
  params.schedule = known(hw::cost::parse_image_schedule(arguments.schedule));
  params.external_weights = parse_weight_memory(arguments.weight_memory, model);
  if (!arguments.part.empty()) params.part = hw::cost::find_part(arguments.part);
  return params;
}

std::shared_ptr<const hw::cost::ResourceSource> make_resource_source(
    const SourceArguments& arguments, const hw::cost::HardwareParams& params,
    const model::Int8Model& model) {
  if (arguments.source == "model") return nullptr;
  if (arguments.source != "yosys") {
    throw base::InputError(
        {"--source", "", "'" + arguments.source + "'", "model or yosys (cost: or vivado:FOLDER)"});
  }
  return std::make_shared<hw::synthesis::YosysSource>(
      model, params,
      hw::synthesis::YosysParams{.cache = dataset::default_cache_folder() / "yosys",
                                 .seconds = arguments.tool_seconds});
}

}  // namespace deepaxe::cli
