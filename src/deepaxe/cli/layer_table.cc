#include "deepaxe/cli/layer_table.h"

#include <fmt/format.h>

#include "deepaxe/base/text.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

Row accumulator_cells(const std::optional<calibrate::AccumulatorRange>& range) {
  if (!range) return {"-", "-"};
  return {fmt::format("{}..{}", range->low, range->high), std::to_string(range->num_bits())};
}

Row quality_cells(const std::optional<calibrate::LayerQuality>& quality) {
  if (!quality) {
    Row unknown(7, "-");
    return unknown;
  }
  Row cells = {fmt::format("{:.4g}..{:.4g}", quality->seen.low, quality->seen.high),
               quality->signal_to_noise_db ? fmt::format("{:.1f}", *quality->signal_to_noise_db)
                                           : std::string("-"),
               fmt::format("{:.3f}", 100 * quality->saturated_fraction)};
  for (const auto& range : {quality->measured, quality->worst_case}) {
    for (std::string& cell : accumulator_cells(range)) cells.push_back(std::move(cell));
  }
  return cells;
}

Json range_json(const std::optional<calibrate::AccumulatorRange>& range) {
  if (!range) return nullptr;
  return {{"low", range->low}, {"high", range->high}, {"bits", range->num_bits()}};
}

void add_quality(Json& layer, const calibrate::LayerQuality& quality) {
  layer["seen_low"] = quality.seen.low;
  layer["seen_high"] = quality.seen.high;
  if (quality.signal_to_noise_db) layer["sqnr_db"] = *quality.signal_to_noise_db;
  layer["saturated_fraction"] = quality.saturated_fraction;
  layer["accumulator_measured"] = range_json(quality.measured);
  layer["accumulator_worst_case"] = range_json(quality.worst_case);
}

Json layer_json(const calibrate::LayerStats& stats, const model::Int8Node& node) {
  const calibrate::Range codes = calibrate::representable_range(node.quant);
  Json layer = {{"name", node.name},         {"op", model::op_name(node.op)},
                {"scale", node.quant.scale}, {"zero_point", node.quant.zero_point},
                {"low", codes.low},          {"high", codes.high}};
  for (const char* key : {"seen_low", "seen_high", "sqnr_db", "saturated_fraction",
                          "accumulator_measured", "accumulator_worst_case"}) {
    layer[key] = nullptr;
  }
  if (model::is_computing(node.op)) {
    layer["zeroed_weights"] = stats.zeroed_weights;
    layer["dead_channels"] = stats.dead_channels;
    layer["widened_channels"] = stats.widened_channels;
  }
  return layer;
}

}  // namespace

std::string layers_text(const calibrate::Quantization& quantization,
                        const LayerQualities& qualities) {
  std::vector<Row> rows = {{"layer", "op", "scale", "zero point", "codes cover", "float values",
                            "SQNR dB", "saturated %", "sums", "bits", "worst case", "bits"}};
  for (std::size_t i = 0; i < quantization.model.nodes.size(); ++i) {
    const model::Int8Node& node = quantization.model.nodes[i];
    const calibrate::Range codes = calibrate::representable_range(node.quant);
    Row row = {node.name, std::string(model::op_name(node.op)),
               fmt::format("{:.6g}", node.quant.scale), std::to_string(node.quant.zero_point),
               fmt::format("{:.4g}..{:.4g}", codes.low, codes.high)};
    for (std::string& cell : quality_cells(qualities.at(i))) row.push_back(std::move(cell));
    rows.push_back(std::move(row));
  }
  return base::align_columns(rows);
}

Json layers_json(const calibrate::Quantization& quantization, const LayerQualities& qualities) {
  Json layers = Json::array();
  for (std::size_t i = 0; i < quantization.model.nodes.size(); ++i) {
    Json layer = layer_json(quantization.layers.at(i), quantization.model.nodes[i]);
    const std::optional<calibrate::LayerQuality>& quality = qualities.at(i);
    if (quality) add_quality(layer, *quality);
    layers.push_back(std::move(layer));
  }
  return layers;
}

}  // namespace deepaxe::cli
