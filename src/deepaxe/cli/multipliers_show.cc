// deepaxe multipliers show: everything known about one multiplier.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/cli/multiplier_json.h"
#include "deepaxe/cli/multipliers.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

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
  if (named.family) {
    fmt::print("  circuit      {}: {}\n", arith::to_string(*named.family),
               named.family->info().summary);
    fmt::print("  family       {}\n", named.family->info().source);
  }
  fmt::print("  identity     {} (SHA-256 of the products)\n", named.multiplier.identity());
  fmt::print("  netlist      {} two-input gates, depth {}\n", named.netlist.gates.size(),
             arith::depth(named.netlist));
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

void add_multipliers_show(CLI::App& multipliers, Selection& selection) {
  CLI::App* command = multipliers.add_subcommand("show", "Everything known about one multiplier");
  const auto name = std::make_shared<std::string>();
  command->add_option("MULTIPLIER", *name, "1KVP, mul8s_1KVP, bam(1,3), drum(4), mitchell, exact")
      ->required();
  finish_command(*command, selection, [&selection, name] { show(*name, selection.common); });
}

}  // namespace deepaxe::cli
