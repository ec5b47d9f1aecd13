// The options of hardware parameters, shared by the commands that price or generate hardware.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/resource_source.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

/// Where resources come from.
struct SourceArguments {
  std::string source = "model";
  double tool_seconds = 600;
};

struct HardwareArguments {
  std::string outputs = "1";
  std::string baseline = "gate";
  std::string memory = "block";
  std::string cycles = "paper";
  std::string schedule = "sequential";
  std::string weight_memory = "rom";
  std::string part;  ///< Empty: that of the paper, and it is no limit.
  SourceArguments source;
};

/// --outputs, --baseline, --memory, --cycles, --schedule, --weight-memory, --part, --source,
/// --tool-seconds; `sources` is the help of --source: what it may be.
void add_hardware_options(CLI::App& command, HardwareArguments& arguments,
                          const std::string& sources);

/// --cycles, --schedule, --weight-memory, --part, and --source with --tool-seconds, for a command
/// with hardware options of its own; `what` follows in the help of --part.
void add_cycles_option(CLI::App& command, std::string& cycles);
/// Those of the engine that generate has too; `target` stands before their help.
CLI::Option* add_memory_option(CLI::App& command, std::string& memory,
                               const std::string& target = "");
CLI::Option* add_schedule_option(CLI::App& command, std::string& schedule,
                                 const std::string& target = "");
CLI::Option* add_weight_memory_option(CLI::App& command, std::string& weight_memory,
                                      const std::string& target = "");
void add_part_option(CLI::App& command, std::string& part, const std::string& what);
void add_source_options(CLI::App& command, SourceArguments& arguments, const std::string& sources);

/// Throws base::InputError for an unknown layer in --outputs, and for an unknown part, with the
/// known ones.
hw::cost::HardwareParams to_params(const HardwareArguments& arguments,
                                   const model::Int8Model& model);

/// Throws base::InputError for a limit of tools where none runs.
void refuse_idle_source_options(const CLI::App& command, const SourceArguments& arguments);

/// Null for "model", the tool's for "yosys", its counts kept in the user's cache folder. Throws
/// base::InputError for any other source, and where there is no tool.
std::shared_ptr<const hw::cost::ResourceSource> make_resource_source(
    const SourceArguments& arguments, const hw::cost::HardwareParams& params,
    const model::Int8Model& model);

}  // namespace deepaxe::cli
