#include "deepaxe/cli/multiplier_in_network.h"

#include <fmt/format.h>

#include <vector>

#include "deepaxe/base/text.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/explore/error_prediction.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

Json layer_json(const std::string& name, const explore::LayerPrediction& layer) {
  return {{"layer", name},
          {"mean_absolute_error_lsb", layer.product_error.mean_absolute_lsb},
          {"mean_error_lsb", layer.product_error.mean_lsb},
          {"mean_square_error_lsb2", layer.product_error.mean_square_lsb2},
          {"error_probability", layer.product_error.probability},
          {"noise_to_signal", layer.noise_to_signal}};
}

std::vector<std::string> layer_row(const std::string& name, const explore::LayerPrediction& layer) {
  return {"  " + name, fmt::format("{:.2f}", layer.product_error.mean_absolute_lsb),
          fmt::format("{:.2f}", layer.product_error.mean_lsb),
          fmt::format("{:.2f}", 100 * layer.product_error.probability),
          fmt::format("{:.3g}", layer.noise_to_signal)};
}

}  // namespace

MultiplierInNetwork predict_in_network(const arith::MultiplierPtr& multiplier,
                                       const WorkArguments& arguments,
                                       const CommonOptions& common) {
  const Work work = prepare_work(arguments, common);
  const engine::Int8Engine engine(work.model);
  const explore::NetworkProfile profile =
      explore::profile_network(engine, work.codes, work.labels, common.threads);
  const engine::Assignment everywhere{.multipliers =
                                          std::vector(profile.layers.size(), multiplier)};
  const explore::ErrorPrediction prediction = explore::predict_error(engine, profile, everywhere);
  MultiplierInNetwork result;
  Json layers = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"  layer", "MAE lsb", "bias lsb", "EP %", "noise/signal"}};
  for (std::size_t l = 0; l < profile.layers.size(); ++l) {
    const auto node = static_cast<std::size_t>(profile.layers[l].node);
    const std::string& name = engine.model().nodes[node].name;
    layers.push_back(layer_json(name, prediction.layers[l]));
    rows.push_back(layer_row(name, prediction.layers[l]));
  }
  result.json = {{"model", arguments.model},
                 {"data", arguments.data},
                 {"images", work.labels.size()},
                 {"exact_accuracy", profile.accuracy},
                 {"noise_to_signal", prediction.noise_to_signal},
                 {"predicted_accuracy", prediction.accuracy},
                 {"predicted_accuracy_drop", prediction.accuracy_drop},
                 {"layers", layers}};
  result.text = fmt::format(
      "in {} with {}, {} images, in every layer; products as often as the layer makes them:\n"
      "{}predicted accuracy drop {:.2f} points from {:.2f} % (an estimate, see "
      "docs/multiplier-analysis.md)\n",
      work.model_name, work.data_name, work.labels.size(), base::align_columns(rows),
      100 * prediction.accuracy_drop, 100 * profile.accuracy);
  return result;
}

}  // namespace deepaxe::cli
