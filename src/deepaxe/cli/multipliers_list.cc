// deepaxe multipliers list: the named multipliers, a line each.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/cli/multiplier_json.h"
#include "deepaxe/cli/multipliers.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

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
      "Members of families can be named too:\n",
      kFiguresSource);
  for (const arith::FamilyInfo& info : arith::families()) {
    fmt::print("  {:<10} {}\n", info.form(), info.summary);
  }
}

}  // namespace

void add_multipliers_list(CLI::App& multipliers, Selection& selection) {
  CLI::App* command = multipliers.add_subcommand("list", "All named multipliers, a line each");
  finish_command(*command, selection, [&selection] { list(selection.common); });
}

}  // namespace deepaxe::cli
