// deepaxe multipliers list | show M: the multiplier library.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/user_library.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/error_figures.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFiguresSource =
    "EvoApproxLib v2022 (Mrazek et al., DATE 2017): 45 nm PDK, Synopsys DC";

Json multiplier_json(const arith::NamedMultiplier& named) {
  Json json = {{"name", named.name},
               {"family", named.family ? arith::to_string(*named.family) : ""},
               {"exact", named.multiplier.is_exact()},
               {"identity_sha256", named.multiplier.identity()},
               {"measured", stats_json(arith::error_stats(named.multiplier))}};
  json["gates"] = named.netlist ? Json(named.netlist->gates.size()) : Json();
  json["depth_gates"] = named.netlist ? Json(arith::depth(*named.netlist)) : Json();
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

void list(const CommonOptions& common) {
  Json rows = Json::array();
  for (const arith::LibraryEntry& entry : arith::library()) {
    rows.push_back(multiplier_json(*arith::find_multiplier(entry.name)));
  }
  if (common.json) {
    fmt::print("{}\n", rows.dump(2));
    return;
  }
  fmt::print("{:<6} {:<9} {:>9} {:>6} {:>7} {:>8} {:>6} {:>9} {:>9} {:>9}\n", "name", "circuit",
             "MAE lsb", "WCE", "EP %", "MRE %", "gates", "power mW", "area um2", "delay ns");
  for (const Json& row : rows) {
    const Json& measured = row["measured"];
    const Json& published = row["published"];
    fmt::print("{:<6} {:<9} {:>9.2f} {:>6} {:>7.2f} {:>8.2f} {:>6} {:>9.3f} {:>9.1f} {:>9.2f}\n",
               row["name"].get<std::string>(), row["family"].get<std::string>(),
               measured["mean_absolute_error_lsb"].get<double>(),
               measured["worst_case_error_lsb"].get<int>(),
               100 * measured["error_probability"].get<double>(),
               100 * measured["mean_relative_error"].get<double>(), row["gates"].get<int>(),
               published["power_mw"].get<double>(), published["area_um2"].get<double>(),
               published["delay_ns"].get<double>());
  }
  fmt::print(
      "\nErrors measured over all 65,536 operand pairs. Power, area and delay as published:\n{}.\n"
      "Any bam(h,v) with h 0..8, v 0..15 and any trunc(k) with k 0..7 can be named too.\n",
      kFiguresSource);
  const std::vector<std::string> imports = arith::user_library_names();
  if (!imports.empty()) fmt::print("Imported: {}.\n", base::join(imports, ", "));
}

void show(const std::string& name, const CommonOptions& common) {
  const arith::MultiplierPtr found = arith::find_multiplier(name);
  const arith::NamedMultiplier& named = *found;
  const Json json = multiplier_json(named);
  if (common.json) {
    fmt::print("{}\n", json.dump(2));
    return;
  }
  const arith::ErrorStats stats = arith::error_stats(named.multiplier);
  fmt::print("{}{}\n", named.name, named.multiplier.is_exact() ? " (exact)" : "");
  if (named.family) fmt::print("  circuit      {}\n", arith::to_string(*named.family));
  fmt::print("  identity     {} (SHA-256 of the products)\n", named.multiplier.identity());
  if (named.netlist) {
    fmt::print("  netlist      {} two-input gates, depth {}\n", named.netlist->gates.size(),
               arith::depth(*named.netlist));
  } else {
    fmt::print("  netlist      none: products alone\n");
  }
  fmt::print("  measured     MAE {} lsb, bias {} lsb, WCE {} lsb, EP {:.2f} %, MRE {:.2f} %\n",
             stats.mean_absolute_lsb, stats.mean_lsb, stats.worst_case_lsb, 100 * stats.probability,
             100 * stats.mean_relative);
  if (!named.published) return;
  const arith::PublishedFigures& figures = *named.published;
  fmt::print("  published    MAE {} %, WCE {} %, EP {:.2f} %, MRE {:.2f} %\n", figures.mae_percent,
             figures.wce_percent, figures.ep_percent, figures.mre_percent);
  fmt::print("  published    power {} mW, area {} um2, delay {} ns\n", figures.power_mw,
             figures.area_um2, figures.delay_ns);
  fmt::print("  source       {}\n", kFiguresSource);
}

}  // namespace

void add_multipliers(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("multipliers", "The multiplier library");
  command->require_subcommand(1);
  CLI::App* list_command = command->add_subcommand("list", "All named multipliers, a line each");
  finish_command(*list_command, selection, [&selection] { list(selection.common); });
  CLI::App* show_command = command->add_subcommand("show", "Everything known about one multiplier");
  const auto name = std::make_shared<std::string>();
  show_command
      ->add_option("MULTIPLIER", *name, "1KVP, mul8s_1KVP, bam(1,3), trunc(2), exact, an import")
      ->required();
  finish_command(*show_command, selection, [&selection, name] { show(*name, selection.common); });
  add_multipliers_check(*command, selection);
  add_multipliers_import(*command, selection);
  add_multipliers_export(*command, selection);
}

}  // namespace deepaxe::cli
