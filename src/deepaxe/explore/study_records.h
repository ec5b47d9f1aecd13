// Study records: engine, cost and fault results as the plain values of the study file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/explorer.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/store/record.h"

namespace deepaxe::explore {

using Variants = std::span<const hw::cost::HardwareParams>;

/// What the points of this exploration have in common. `variants` as given by resolve_hardware.
store::StudyInfo make_info(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                           std::span<const int> labels, const ExploreParams& params,
                           Variants variants);

/// Content key: everything in `info` that can change a result, and the identities of all layers.
std::string measurement_key(const store::StudyInfo& info, const engine::Assignment& assignment);
/// Content key: the measurement, and the hardware with its N of each computing layer.
std::string point_key(const std::string& measurement, const hw::cost::HardwareParams& hardware,
                      std::size_t num_layers);

/// Cycles by two different laws cannot be compared: the paper's is kept only where it is defined
/// for every multiplier and every hardware of the space.
std::vector<hw::cost::HardwareParams> resolve_hardware(const model::Int8Model& model,
                                                       const DesignSpace& space, Variants wanted);

/// Keys, texts, hardware and cost of a design; accuracy is left at 0.
store::PointRecord make_point(const model::Int8Model& model, const store::StudyInfo& info,
                              const DesignSpace& space, const Design& design,
                              const hw::cost::HardwareParams& hardware);

store::FaultRecord make_fault_record(const fault::CampaignResult& result);

}  // namespace deepaxe::explore
