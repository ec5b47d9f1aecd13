#include "deepaxe/cli/multiplier_json.h"

#include "deepaxe/arith/weighted_error.h"
#include "deepaxe/cli/error_figures.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<int> bits_of(std::uint8_t mask) {
  std::vector<int> bits;
  for (int bit = 0; bit < 8; ++bit) {
    if ((mask >> bit & 1) != 0) bits.push_back(bit);
  }
  return bits;
}

// From the order of bit patterns to that of values.
Json error_json(const arith::ErrorByCode& errors) {
  Json mean = Json::array();
  Json mean_absolute = Json::array();
  for (int code = -128; code <= 127; ++code) {
    const arith::WeightedError& error = errors[static_cast<std::uint8_t>(code)];
    mean.push_back(error.mean_lsb);
    mean_absolute.push_back(error.mean_absolute_lsb);
  }
  return {{"mean_error_lsb", mean}, {"mean_absolute_error_lsb", mean_absolute}};
}

}  // namespace

Json multiplier_json(const arith::NamedMultiplier& named) {
  Json json = {{"name", named.name},
               {"family", named.family ? arith::to_string(*named.family) : ""},
               {"family_source", named.family ? std::string(named.family->info().source) : ""},
               {"exact", named.multiplier.is_exact()},
               {"identity_sha256", named.multiplier.identity()},
               {"gates", named.netlist ? Json(named.netlist->gates.size()) : Json()},
               {"depth_gates", named.netlist ? Json(arith::depth(*named.netlist)) : Json()},
               {"given_luts", named.given_luts ? Json(*named.given_luts) : Json()},
               {"measured", stats_json(arith::error_stats(named.multiplier))}};
  if (!named.provenance.empty()) {
    for (const auto& [key, value] : named.provenance) json["imported"][key] = value;
  }
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

const char* to_string(arith::Separability separability) {
  switch (separability) {
    case arith::Separability::kExact:
      return "exact";
    case arith::Separability::kOneOperand:
      return "one operand";
    case arith::Separability::kProduct:
      return "product";
    case arith::Separability::kSum:
      return "sum";
    case arith::Separability::kNone:
      break;
  }
  return "none";
}

Json structure_json(const arith::Structure& structure) {
  return {{"error_rank", structure.error_rank},
          {"error_separability", to_string(structure.separability)},
          {"error_depends_on_bits_of_first", bits_of(structure.first_operand_bits)},
          {"error_depends_on_bits_of_second", bits_of(structure.second_operand_bits)},
          {"commutes", structure.commutes},
          {"odd", structure.is_odd},
          {"largest_product_with_first_zero_lsb", structure.zero_first_lsb},
          {"largest_product_with_second_zero_lsb", structure.zero_second_lsb}};
}

Json conditional_error_json(const arith::Multiplier& multiplier) {
  return {{"by_first", error_json(arith::error_by_first(multiplier, arith::uniform_counts()))},
          {"by_second", error_json(arith::error_by_second(multiplier, arith::uniform_counts()))}};
}

}  // namespace deepaxe::cli
