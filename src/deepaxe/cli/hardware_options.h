// The options of hardware parameters, shared by explore and cost.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

struct HardwareArguments {
  std::string outputs = "1";
  std::string baseline = "gate";
  std::string cycles = "paper";
  std::string part;  ///< Empty: that of the paper, and it is no limit.
};

/// --outputs, --baseline, --cycles, --part.
void add_hardware_options(CLI::App& command, HardwareArguments& arguments);

/// --cycles and --part, for a command with hardware options of its own; `what` follows in its help.
void add_cycles_option(CLI::App& command, std::string& cycles);
void add_part_option(CLI::App& command, std::string& part, const std::string& what);

/// Throws base::InputError for an unknown layer in --outputs, and for an unknown part, with the
/// known ones.
hw::cost::HardwareParams to_params(const HardwareArguments& arguments,
                                   const model::Int8Model& model);

}  // namespace deepaxe::cli
