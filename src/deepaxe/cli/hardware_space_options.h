// The options of explore that name alternatives of hardware.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

/// Alternatives by commas.
struct HardwareSpaceArguments {
  std::string outputs = "1";
  std::string baselines = "gate";
  std::string memories = "block";
  std::string schedules = "sequential";
  std::string weight_memories = "rom";
  std::string cycles = "paper";
  std::string part;  ///< Empty: that of the paper, and it is no limit.
  SourceArguments source;
};

/// --outputs, --baseline, --memory, --schedule, --weight-memory, --cycles, --part, --source,
/// --tool-seconds.
void add_hardware_space_options(CLI::App& command, HardwareSpaceArguments& arguments);

/// Alternatives of N by computing layer. "1,2,4": each of them in every layer.
/// "conv1=1,conv1=2,fc1=4": every combination of what is named for each layer, 1 for the others.
/// Throws base::InputError for anything else and for more than a million combinations.
std::vector<std::vector<int>> parse_output_alternatives(std::string_view text,
                                                        const model::Int8Model& model);

/// Which computing layers have their weights outside, by the same rules: "rom,external",
/// "fc1=rom,fc1=external", rom for the others.
std::vector<std::vector<bool>> parse_weight_alternatives(std::string_view text,
                                                         const model::Int8Model& model);

/// Every combination. Throws base::InputError naming the option and the item.
std::vector<hw::cost::HardwareParams> to_variants(const HardwareSpaceArguments& arguments,
                                                  const model::Int8Model& model);

}  // namespace deepaxe::cli
