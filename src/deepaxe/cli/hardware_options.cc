#include "deepaxe/cli/hardware_options.h"

namespace deepaxe::cli {

void add_hardware_options(CLI::App& command, HardwareArguments& arguments) {
  command.add_option("--outputs", arguments.outputs, "Outputs of a layer computed in parallel")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command
      .add_option(
          "--baseline", arguments.baseline,
          "What exact multipliers are made of: dsp (DSP48), native (LUT carry chains), gate "
          "(the gate-level exact circuit, as the paper compares)")
      ->check(CLI::IsMember({"dsp", "native", "gate"}))
      ->capture_default_str();
  command
      .add_option("--cycles", arguments.cycles,
                  "paper: its latency law where that is defined (one output), else engine: the "
                  "engine of N parallel outputs")
      ->check(CLI::IsMember({"paper", "engine"}))
      ->capture_default_str();
}

hw::cost::HardwareParams to_params(const HardwareArguments& arguments) {
  hw::cost::HardwareParams params;
  params.parallel_outputs = arguments.outputs;
  params.baseline = hw::cost::parse_baseline(arguments.baseline).value();
  params.cycle_model = hw::cost::parse_cycle_model(arguments.cycles).value();
  return params;
}

}  // namespace deepaxe::cli
