// StudyPoint: a point of a study, to be generated as it was explored.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/engine/assignment.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

struct StudyPoint {
  engine::Assignment assignment;
  std::vector<int> outputs;  ///< By computing layer.
  hw::cost::Baseline baseline = hw::cost::Baseline::kGate;
  hw::cost::MemoryStyle memory = hw::cost::MemoryStyle::kBlock;
  hw::design::ImageSchedule schedule = hw::design::ImageSchedule::kSequential;
  std::vector<bool> external_weights = {};  ///< By computing layer.
};

/// The point whose key begins with `key`. Throws base::InputError for a study of another model, no
/// or several such points, and a point whose multipliers have other products today.
StudyPoint load_study_point(const std::filesystem::path& study, const std::string& key,
                            const model::Int8Model& model);

}  // namespace deepaxe::cli
