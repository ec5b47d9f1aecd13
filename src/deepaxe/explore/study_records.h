// Study records: engine, cost and fault results as the plain values of the study file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/explorer.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/hw/cost/estimator.h"
#include "deepaxe/store/record.h"

namespace deepaxe::explore {

/// One for each hardware of an exploration.
using Estimators = std::vector<std::unique_ptr<const hw::cost::Estimator>>;
using Variants = std::span<const hw::cost::HardwareParams>;

/// The multipliers of an assignment, which must outlive what is returned.
std::vector<const arith::NamedMultiplier*> pointers(const engine::Assignment& assignment);

/// `sources` has one for each of `variants`, or is empty; null ones are the closed forms.
Estimators make_estimators(
    const model::Int8Model& model, Variants variants,
    const std::vector<std::shared_ptr<const hw::cost::ResourceSource>>& sources);

/// What the points of this exploration have in common. The estimators' parameters are those of
/// resolve_hardware.
store::StudyInfo make_info(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                           std::span<const int> labels, const ExploreParams& params,
                           const Estimators& estimators);

/// Content key: everything in `info` that can change a result, and the identities of all layers.
std::string measurement_key(const store::StudyInfo& info, const engine::Assignment& assignment);
/// What the estimators say of the hardware of a point, in the words of the study.
store::Hardware hardware_of(const hw::cost::HardwareParams& params, std::size_t num_layers);
/// What exact multipliers of the assignment are made of; store::kNoBaseline where it has none.
std::string baseline_of(const engine::Assignment& assignment, hw::cost::Baseline baseline);
/// Content key: the measurement, its hardware, and baseline_of.
std::string point_key(const std::string& measurement, const store::Hardware& hardware,
                      std::string_view baseline);

/// Cycles by two different laws cannot be compared: the paper's is kept only where it is defined
/// for every multiplier and every hardware of the space. Otherwise all have the engine's; where one
/// is a pipeline, which an image alone takes as long as the sequential engine, the interval.
std::vector<hw::cost::HardwareParams> resolve_hardware(const model::Int8Model& model,
                                                       const DesignSpace& space, Variants wanted);

/// Keys, texts, hardware and cost of a design; accuracy is left at 0.
store::PointRecord make_point(const model::Int8Model& model, const store::StudyInfo& info,
                              const DesignSpace& space, const Design& design,
                              const hw::cost::Estimator& estimator);

store::FaultRecord make_fault_record(const fault::CampaignResult& result);

}  // namespace deepaxe::explore
