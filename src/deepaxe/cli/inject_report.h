// Inject report: the figures of one fault campaign as text and JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/cli/fault_records.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/metrics.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

struct InjectReport {
  const model::Int8Model& model;
  const fault::FaultSpace& space;
  std::string assignment;
  fault::Sampling sampling = fault::Sampling::kUniformPairs;
  double critical_share = 0;  ///< Of the images that a critical fault harms.
  std::int64_t top = 0;       ///< Worst faults listed.
  const FaultRecords& records;
  std::string preprocessing, calibration;
  std::optional<fault::FitParams> fit;
  fault::CampaignResult result;
  std::optional<fault::CampaignResult> unbiased;  ///< Beside the paper's protocol.
};

/// Whether each fault meets all images, so that faults can be judged one by one.
bool tries_whole_faults(fault::Sampling sampling) noexcept;

/// "masked", "changed_same_class"...
std::string_view outcome_key(std::size_t outcome) noexcept;

/// A sentence on why the paper's protocol gives another rate. Requires report.unbiased.
std::string protocol_note(const InjectReport& report);

std::string inject_text(const InjectReport& report);
std::string inject_json(const InjectReport& report);

/// Share of faults that harm the share of images asked for; requires whole faults.
fault::Estimate critical_faults(const InjectReport& report);
/// What one code of the logits stands for.
double logit_scale(const InjectReport& report);

}  // namespace deepaxe::cli
