// What one multiplier does to a network: error under the layers' own operands, and the accuracy
// drop that follows, predicted and not run.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/work_options.h"

namespace deepaxe::cli {

struct MultiplierInNetwork {
  nlohmann::ordered_json json;
  std::string text;  ///< A table and a sentence.
};

/// Reads model and data, runs the exact network once, and predicts for `multiplier` in every layer.
MultiplierInNetwork predict_in_network(const arith::MultiplierPtr& multiplier,
                                       const WorkArguments& arguments, const CommonOptions& common);

}  // namespace deepaxe::cli
