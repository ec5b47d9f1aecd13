// deepaxe multipliers list: the named multipliers, a line each, and which of them are worth it.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/multiplier_json.h"
#include "deepaxe/cli/multipliers.h"
#include "deepaxe/explore/multiplier_ranking.h"
#include "deepaxe/report/multiplier_charts.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;
using explore::CostMeasure;
using explore::ErrorMeasure;
using explore::RankedMultiplier;

struct ListArguments {
  bool families = false;
  bool pareto = false;
  ErrorMeasure error = ErrorMeasure::kMae;
  CostMeasure cost = CostMeasure::kLut;
  std::string svg;
};

// What a measure is called on the command line, in the table and in a chart.
template <typename Measure>
struct MeasureText {
  Measure measure;
  const char* option;
  const char* label;
};
constexpr MeasureText<ErrorMeasure> kErrorTexts[] = {{ErrorMeasure::kMae, "mae", "MAE (LSB)"},
                                                     {ErrorMeasure::kWce, "wce", "WCE (LSB)"},
                                                     {ErrorMeasure::kMre, "mre", "MRE"},
                                                     {ErrorMeasure::kEp, "ep", "EP"}};
constexpr MeasureText<CostMeasure> kCostTexts[] = {{CostMeasure::kArea, "area", "area (um2)"},
                                                   {CostMeasure::kPower, "power", "power (mW)"},
                                                   {CostMeasure::kDelay, "delay", "delay (ns)"},
                                                   {CostMeasure::kLut, "lut", "LUT"}};

template <typename Measure, std::size_t kCount>
const MeasureText<Measure>& text_of(Measure measure, const MeasureText<Measure> (&texts)[kCount]) {
  std::size_t i = 0;
  while (texts[i].measure != measure) ++i;
  return texts[i];
}

void print_families() {
  fmt::print("Members of families can be named too:\n");
  for (const arith::FamilyInfo& info : arith::families()) {
    fmt::print("  {:<10} {}\n", info.form(), info.summary);
  }
}

std::vector<std::string> published_cells(const arith::NamedMultiplier& named) {
  if (!named.published) return {"-", "-", "-"};
  return {fmt::format("{:.3f}", named.published->power_mw),
          fmt::format("{:.1f}", named.published->area_um2),
          fmt::format("{:.2f}", named.published->delay_ns)};
}

void print_plain(const std::vector<arith::MultiplierPtr>& listed) {
  std::vector<std::vector<std::string>> rows = {{"name", "circuit", "MAE lsb", "WCE", "EP %",
                                                 "MRE %", "gates", "power mW", "area um2",
                                                 "delay ns"}};
  for (const arith::MultiplierPtr& pointer : listed) {
    const arith::NamedMultiplier& named = *pointer;
    const arith::ErrorStats stats = arith::error_stats(named.multiplier);
    rows.push_back({named.name, named.family ? arith::to_string(*named.family) : "import",
                    fmt::format("{:.2f}", stats.mean_absolute_lsb),
                    std::to_string(stats.worst_case_lsb),
                    fmt::format("{:.2f}", 100 * stats.probability),
                    fmt::format("{:.2f}", 100 * stats.mean_relative),
                    named.netlist ? std::to_string(named.netlist->gates.size()) : "-"});
    std::ranges::move(published_cells(named), std::back_inserter(rows.back()));
  }
  fmt::print("{}", base::align_columns(rows));
  fmt::print(
      "\nErrors measured over all 65,536 operand pairs. Power, area and delay as published:\n{}.\n",
      kFiguresSource);
  print_families();
}

std::string verdict_of(const RankedMultiplier& one) {
  std::string verdict = one.on_front ? "Pareto" : "";
  if (!one.cost) verdict = "cost not known";
  if (!one.dominated_by.empty()) verdict = "dominated by " + one.dominated_by;
  if (one.exceeds_native) verdict += "; more LUTs than native";
  return verdict;
}

void print_pareto(const std::vector<RankedMultiplier>& ranked, const ListArguments& arguments) {
  const auto& error = text_of(arguments.error, kErrorTexts);
  const auto& cost = text_of(arguments.cost, kCostTexts);
  std::vector<std::vector<std::string>> rows{{"name", error.label, cost.label}};
  const bool with_luts = arguments.cost != CostMeasure::kLut;
  if (with_luts) rows[0].emplace_back("LUT");
  rows[0].emplace_back("verdict");
  for (const RankedMultiplier& one : ranked) {
    rows.push_back({one.multiplier->name, fmt::format("{:.4g}", one.error),
                    one.cost ? fmt::format("{:.4g}", *one.cost) : "-"});
    if (with_luts) rows.back().push_back(one.luts ? fmt::format("{:.1f}", *one.luts) : "-");
    rows.back().push_back(verdict_of(one));
  }
  fmt::print(
      "{}\nErrors over all 65,536 operand pairs. LUTs of the gate-level circuit by the cost model "
      "(docs/hardware.md);\na native exact multiplier, LUTs and carry chains, takes {:.1f}.{}\n",
      base::align_columns(rows), explore::native_multiplier_luts(),
      with_luts ? std::string(" Power, area, delay as published: ") + kFiguresSource + "." : "");
}

Json pareto_json(const RankedMultiplier& one, const ListArguments& arguments) {
  return {{"error_measure", text_of(arguments.error, kErrorTexts).option},
          {"error", one.error},
          {"cost_measure", text_of(arguments.cost, kCostTexts).option},
          {"cost", one.cost ? Json(*one.cost) : Json()},
          {"on_front", one.on_front},
          {"dominated_by", one.dominated_by.empty() ? Json() : Json(one.dominated_by)},
          {"luts", one.luts ? Json(*one.luts) : Json()},
          {"native_luts", explore::native_multiplier_luts()},
          {"exceeds_native", one.exceeds_native}};
}

void write_scatter(const std::vector<RankedMultiplier>& ranked, const ListArguments& arguments) {
  std::vector<report::ScatterPoint> points;
  for (const RankedMultiplier& one : ranked) {
    if (!one.cost) continue;
    points.push_back({.label = one.multiplier->name,
                      .cost = *one.cost,
                      .error = one.error,
                      .on_front = one.on_front});
  }
  base::write_file_atomically(
      arguments.svg, report::error_cost_scatter(points, text_of(arguments.cost, kCostTexts).label,
                                                text_of(arguments.error, kErrorTexts).label));
}

void list(const ListArguments& arguments, const CommonOptions& common) {
  base::require_writable(arguments.svg);
  const std::vector<arith::MultiplierPtr> listed = explore::listed_multipliers(arguments.families);
  std::vector<RankedMultiplier> ranked;
  if (arguments.pareto) {
    ranked = explore::rank_multipliers(listed, arguments.error, arguments.cost);
  }
  if (!arguments.svg.empty()) write_scatter(ranked, arguments);
  if (common.json) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < listed.size(); ++i) {
      rows.push_back(multiplier_json(*listed[i]));
      if (arguments.pareto) rows.back()["pareto"] = pareto_json(ranked[i], arguments);
    }
    fmt::print("{}\n", rows.dump(2));
  } else if (arguments.pareto) {
    print_pareto(ranked, arguments);
  } else {
    print_plain(listed);
  }
}

// An option that takes one of the measures' names.
template <typename Measure, std::size_t kCount>
CLI::Option* add_measure(CLI::App& command, const std::string& name, Measure& value,
                         const MeasureText<Measure> (&texts)[kCount], const std::string& help) {
  std::vector<std::string> names;
  for (const auto& text : texts) names.emplace_back(text.option);
  return command
      .add_option_function<std::string>(
          name,
          [&value, &texts](const std::string& word) {
            for (const auto& text : texts) {
              if (word == text.option) value = text.measure;
            }
          },
          help)
      ->check(CLI::IsMember(names));
}

}  // namespace

void add_multipliers_list(CLI::App& multipliers, Selection& selection) {
  CLI::App* command = multipliers.add_subcommand("list", "All named multipliers, a line each");
  const auto arguments = std::make_shared<ListArguments>();
  command->add_flag("--families", arguments->families, "Every member of every family as well");
  CLI::Option* pareto = command->add_flag(
      "--pareto", arguments->pareto,
      "Error against cost: which are dominated, which exceed an exact multiplier of the FPGA");
  add_measure(*command, "--error", arguments->error, kErrorTexts,
              "Of --pareto: mae (default), wce, mre, ep")
      ->needs(pareto);
  add_measure(*command, "--cost", arguments->cost, kCostTexts,
              "Of --pareto: lut (default), or area, power, delay as published")
      ->needs(pareto);
  command->add_option("--svg", arguments->svg, "Of --pareto: write the scatter chart as .svg")
      ->needs(pareto);
  finish_command(*command, selection,
                 [&selection, arguments] { list(*arguments, selection.common); });
}

}  // namespace deepaxe::cli
