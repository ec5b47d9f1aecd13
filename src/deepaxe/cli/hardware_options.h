// The options of hardware parameters, shared by explore and cost.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "deepaxe/hw/cost/hardware_params.h"

namespace deepaxe::cli {

struct HardwareArguments {
  int outputs = 1;
  std::string baseline = "gate";
  std::string cycles = "paper";
};

/// --outputs, --baseline, --cycles.
void add_hardware_options(CLI::App& command, HardwareArguments& arguments);

hw::cost::HardwareParams to_params(const HardwareArguments& arguments);

}  // namespace deepaxe::cli
