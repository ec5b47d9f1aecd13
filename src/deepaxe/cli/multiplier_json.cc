#include "deepaxe/cli/multiplier_json.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

Json stats_json(const arith::ErrorStats& stats) {
  return {{"mean_absolute_error_lsb", stats.mean_absolute_lsb},
          {"mean_error_lsb", stats.mean_lsb},
          {"mean_square_error_lsb2", stats.mean_square_lsb2},
          {"worst_case_error_lsb", stats.worst_case_lsb},
          {"error_probability", stats.probability},
          {"mean_relative_error", stats.mean_relative}};
}

}  // namespace

Json multiplier_json(const arith::NamedMultiplier& named) {
  Json json = {{"name", named.name},
               {"family", named.family ? arith::to_string(*named.family) : ""},
               {"family_source", named.family ? std::string(named.family->info().source) : ""},
               {"exact", named.multiplier.is_exact()},
               {"identity_sha256", named.multiplier.identity()},
               {"gates", named.netlist.gates.size()},
               {"depth_gates", arith::depth(named.netlist)},
               {"measured", stats_json(arith::error_stats(named.multiplier))}};
  if (named.published) {
    const arith::PublishedFigures& figures = *named.published;
    json["published"] = {{"source", kFiguresSource},
                         {"power_mw", figures.power_mw},
                         {"area_um2", figures.area_um2},
                         {"delay_ns", figures.delay_ns},
                         {"mean_absolute_error_percent", figures.mae_percent},
                         {"worst_case_error_percent", figures.wce_percent},
                         {"error_probability_percent", figures.ep_percent},
                         {"mean_relative_error_percent", figures.mre_percent}};
  }
  return json;
}

}  // namespace deepaxe::cli
