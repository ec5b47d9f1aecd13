// Study records: engine, cost and fault results as the plain values of the study file.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/explorer.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/store/record.h"

namespace deepaxe::explore {

/// What the points of this exploration have in common. `hardware` as given by resolve_hardware.
store::StudyInfo make_info(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                           std::span<const int> labels, const ExploreParams& params,
                           const hw::cost::HardwareParams& hardware);

/// Content key: everything in `info` that can change a result, and the identities of all layers.
std::string point_key(const store::StudyInfo& info, const engine::Assignment& assignment);

/// Cycles by two different laws cannot be compared: the paper's is kept only where it is defined
/// for every multiplier of the space.
hw::cost::HardwareParams resolve_hardware(const model::Int8Model& model, const DesignSpace& space,
                                          const hw::cost::HardwareParams& wanted);

/// Key, texts and cost of a design; accuracy is left at 0.
store::PointRecord make_point(const model::Int8Model& model, const store::StudyInfo& info,
                              const DesignSpace& space, const Design& design,
                              const hw::cost::HardwareParams& hardware);

store::FaultRecord make_fault_record(const fault::CampaignResult& result);

}  // namespace deepaxe::explore
