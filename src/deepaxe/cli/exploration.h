// Exploration: runs explore::explore with progress bars and says what was done.
#pragma once

#include "deepaxe/cli/command.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/explorer.h"

namespace deepaxe::cli {

/// Fills model and data names, keys, seed, threads and version of `params`, shows progress, and
/// returns what was done; notes go to stderr.
explore::ExploreStats run_exploration(const engine::Int8Engine& engine, const Work& work,
                                      explore::ExploreParams params, const CommonOptions& common);

}  // namespace deepaxe::cli
