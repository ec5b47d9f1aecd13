#include "deepaxe/cli/hardware_options.h"

#include <optional>

#include "deepaxe/base/assertion.h"

namespace deepaxe::cli {
namespace {

// CLI::IsMember lets only known names through.
template <typename Value>
Value known(const std::optional<Value>& value) {
  DEEPAXE_ASSERT(value.has_value());
  return *value;
}

}  // namespace

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
  params.baseline = known(hw::cost::parse_baseline(arguments.baseline));
  params.cycle_model = known(hw::cost::parse_cycle_model(arguments.cycles));
  return params;
}

}  // namespace deepaxe::cli
