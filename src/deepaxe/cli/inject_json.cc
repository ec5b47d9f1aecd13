#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/cli/inject_report.h"
#include "deepaxe/fault/fault_list.h"
#include "deepaxe/fault/fault_map.h"
#include "deepaxe/fault/row_rate.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const fault::Interval& interval) { return {interval.low, interval.high}; }

Json estimate_json(const std::optional<fault::Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {{"value", estimate->value}, {"interval", interval_json(estimate->interval)}};
}

// null: not enough data.
Json rate_json(const std::optional<double>& rate) { return rate ? Json(*rate) : Json(nullptr); }

Json counts_json(const fault::OutcomeCounts& counts) {
  Json json;
  for (std::size_t i = 0; i < fault::kNumOutcomes; ++i) json[outcome_key(i)] = counts.counts[i];
  return json;
}

// One array of cells for each axis, under its name.
void add_maps(Json& layer, const fault::FaultMaps& maps, const fault::FaultTensor& place,
              std::size_t tensor) {
  const auto axes = fault::map_axes(place);
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    Json cells = Json::array();
    for (const fault::MapCell& cell : maps.cells(tensor, axis)) {
      cells.push_back(
          {{"pairs", cell.pairs}, {"sdc", cell.sdc}, {"sdc_rate", rate_json(cell.sdc_rate)}});
    }
    layer[std::string(axes[axis].name)] = std::move(cells);
  }
}

// What a rate is made of where images are met unevenly.
void add_image_classes(Json& bit, const fault::CampaignResult& result, std::size_t row) {
  const std::size_t num_classes = result.class_sizes.size();
  if (num_classes == 1) return;
  for (std::size_t c = 0; c < num_classes; ++c) {
    const fault::OutcomeCounts& counts = result.by_stratum[row * num_classes + c];
    bit["by_image_class"].push_back({{"pairs", counts.pairs()}, {"sdc", counts.sdc()}});
  }
}

Json layers_json(const InjectReport& report) {
  Json layers = Json::array();
  const std::vector<fault::RowRate> rates = fault::row_rates(report.result);
  for (std::size_t t = 0; t < report.space.tensors().size(); ++t) {
    const fault::FaultTensor& tensor = report.space.tensors()[t];
    const auto by_bit =
        std::span(rates).subspan(tensor.first_row, static_cast<std::size_t>(tensor.bits));
    Json bits = Json::array();
    for (std::size_t bit = 0; bit < by_bit.size(); ++bit) {
      const std::size_t row = tensor.first_row + bit;
      const fault::OutcomeCounts counts = fault::row_counts(report.result, row);
      bits.push_back({{"bit", bit},
                      {"pairs", counts.pairs()},
                      {"sdc", counts.sdc()},
                      {"sdc_rate", rate_json(fault::rate_if_known(by_bit[bit]))},
                      {"outcomes", counts_json(counts)}});
      add_image_classes(bits.back(), report.result, row);
      if (!report.result.margin_loss) continue;
      bits.back()["margin_loss_codes"] = rate_json(fault::row_margin_loss(report.result, row));
    }
    Json& layer = layers.emplace_back();
    layer = {{"layer", tensor.name},
             {"target", fault::to_string(tensor.target)},
             {"effect", fault::to_string(tensor.effect)},
             {"elements", tensor.elements},
             {"sdc_rate", rate_json(fault::mean_rate(by_bit))},
             {"bits", std::move(bits)}};
    if (report.fit) layer["residency"] = report.fit->residency[t];
    const std::optional<fault::FaultMaps>& maps = report.records.maps();
    if (maps) add_maps(layer, *maps, tensor, t);
  }
  return layers;
}

Json worst_json(const InjectReport& report) {
  Json worst = Json::array();
  for (const fault::FaultCounts& entry : report.records.worst().ranked()) {
    const fault::Fault fault = report.space.at(entry.fault);
    const auto index = static_cast<std::size_t>(report.space.tensor_of(entry.fault));
    const fault::FaultTensor& tensor = report.space.tensors()[index];
    worst.push_back({{"layer", tensor.name},
                     {"target", fault::to_string(tensor.target)},
                     {"effect", fault::to_string(tensor.effect)},
                     {"position", fault::position_text(fault.element, tensor)},
                     {"bit", fault.bit},
                     {"pairs", entry.counts.pairs()},
                     {"outcomes", counts_json(entry.counts)}});
  }
  return worst;
}

void add_rates(Json& json, const fault::CampaignResult& result) {
  json["sdc_rate"] = result.sdc_rate;
  json["sdc_rate_interval"] = interval_json(result.sdc_interval);
  json["sdc_rate_of_right_images"] = estimate_json(fault::sdc_of_right(result));
  json["vulnerability"] = result.vulnerability;
  json["vulnerability_interval"] = interval_json(result.vulnerability_interval);
  for (std::size_t i = 0; i < fault::kNumOutcomes; ++i) {
    json["outcome_rates"][outcome_key(i)] = result.outcome_rates[i];
  }
  json["confidence"] = 0.95;
  json["method"] = result.method;
  json["stop_reason"] = result.stop_reason;
}

void add_optional(Json& json, const InjectReport& report) {
  if (tries_whole_faults(report.sampling)) {
    Json critical = estimate_json(critical_faults(report));
    critical["least_share_of_images"] = report.critical_share;
    json["critical_fault_rate"] = std::move(critical);
  }
  if (report.result.margin_loss) {
    const fault::MarginLoss& margin = *report.result.margin_loss;
    json["margin_loss_codes"] = estimate_json(margin.loss);
    json["golden_margin_codes"] =
        static_cast<double>(margin.golden_margins) / static_cast<double>(report.result.images);
    json["logit_scale"] = logit_scale(report);
  }
  if (report.fit) {
    json["fit"] = estimate_json(
        fault::failures_in_time(report.result, report.sampling, report.space, *report.fit));
  }
  if (report.top > 0) json["worst_faults"] = worst_json(report);
  if (report.unbiased) {
    Json& unbiased = json["uniformly_over_the_memory"];
    unbiased["pairs"] = report.unbiased->total.pairs();
    add_rates(unbiased, *report.unbiased);
    json["protocol_note"] = protocol_note(report);
  }
}

}  // namespace

std::string inject_json(const InjectReport& report) {
  const fault::CampaignResult& result = report.result;
  Json json = {
      {"assignment", report.assignment},
      {"fault_space", report.space.size()},
      {"faults", result.num_faults},
      {"images", result.images},
      {"pairs", result.total.pairs()},
      {"pilot_pairs", result.pilot_pairs},
      {"accuracy", static_cast<double>(result.golden_correct) / static_cast<double>(result.images)},
      {"image_class_sizes", result.class_sizes},
      {"outcomes", counts_json(result.total)}};
  add_rates(json, result);
  json["masked_pairs"] = result.work.masked;
  json["collapsed_pairs"] = result.work.collapsed;
  json["evaluated_pairs"] = result.work.evaluated;
  json["rechecked"] = result.rechecked;
  json["mismatches"] = result.mismatches;
  json["seconds"] = result.seconds;
  json["preprocessing"] = report.preprocessing;
  json["calibration"] = report.calibration;
  add_optional(json, report);
  json["layers"] = layers_json(report);
  return json.dump(2) + "\n";
}

}  // namespace deepaxe::cli
