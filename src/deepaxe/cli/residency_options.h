// The option --residency: for how much of the time each memory holds what is still to be read.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "deepaxe/fault/fault_space.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

struct ResidencyArguments {
  bool by_cycles = false;                ///< From the schedule of the generated engine.
  std::string schedule = "sequential";   ///< Which that is, or "pipelined".
  std::map<std::string, double> shares;  ///< By layer; 1 for the others.
};

/// --residency and --schedule. Throws base::InputError, when parsed, for what is neither a word nor
/// LAYER=SHARE.
void add_residency_options(CLI::App& command, ResidencyArguments& arguments);

/// By tensor of the space, in [0, 1]; of a pipeline's queues live codes of an element, which may be
/// more. By cycles: of activations, in an engine that computes `parallel_outputs` outputs of each
/// layer at once; parameters are always live. Throws base::InputError for a layer that the space
/// does not have, a schedule without cycles, and a model that has no engine.
std::vector<double> residencies(const ResidencyArguments& arguments, const model::Int8Model& model,
                                const fault::FaultSpace& space, int parallel_outputs);

}  // namespace deepaxe::cli
