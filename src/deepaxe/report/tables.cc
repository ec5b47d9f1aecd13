#include "deepaxe/report/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

namespace deepaxe::report {
namespace {

using Json = nlohmann::ordered_json;
using store::FaultRecord;
using store::Outcome;

// "0.0650 [0.0601, 0.0702]" of fractions, in percent.
std::string percent_interval(double value, double low, double high) {
  return fmt::format("{:.4f} [{:.4f}, {:.4f}]", 100 * value, 100 * low, 100 * high);
}

// Empty where there is none.
std::string number_text(const std::optional<double>& value, double unit, int digits) {
  return value ? fmt::format("{:.{}f}", *value / unit, digits) : std::string();
}

std::string sdc_text(const Row& row) {
  if (!row.point.faults) return "not injected";
  const FaultRecord& faults = *row.point.faults;
  return percent_interval(faults.sdc_rate, faults.sdc_low, faults.sdc_high);
}

std::string vulnerability_text(const Row& row) {
  if (!row.point.faults) return "";
  const FaultRecord& faults = *row.point.faults;
  return percent_interval(faults.vulnerability, faults.vulnerability_low,
                          faults.vulnerability_high);
}

std::string state_text(const StudyTable& table, const Row& row) {
  if (row.point.status == store::PointStatus::kGated) return gate_text(row.point);
  if (row.view.on_front) return "front";
  if (!table.is_compared(row)) return "not compared";
  const auto& ties = row.view.tied_with;
  const bool tied = std::find(ties.begin(), ties.end(), row.view.dominated_by) != ties.end();
  return tied ? "dominated (tied)" : "dominated";
}

constexpr std::size_t kShownKey = 8;  // Of the 64 digits: enough to tell a million points apart.

std::string table_line(const std::string& key, const Row& row, std::size_t width,
                       const std::string& state) {
  return fmt::format(
      "{:<8}  {:<{}} {:>10.2f} {:>8.3f}  {:<25} {:<27} {:>9} {:>7.0f} {:>4.0f} {:>6.1f} {:>6.2f} "
      "{:>9} {:>4}  {}\n",
      key.substr(0, kShownKey), row.label, width, 100 * row.point.accuracy(),
      100 * row.accuracy_drop, sdc_text(row), vulnerability_text(row), row.point.cost.cycles,
      row.point.cost.resources(), row.point.cost.dsp, row.point.cost.bram,
      100 * row.point.cost.utilization_fraction, number_text(row.point.cost.energy_nj, 1e3, 2),
      number_text(row.point.cost.max_mhz, 1, 0), state);
}

// An assignment of the front: how many of its points are there, and with which others they tie.
struct TiedDesign {
  std::string assignment;
  int num_points = 0;
  std::vector<std::string> ties;  // Assignments, each once.
};

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// In the order of `rows`. Points of one assignment differ in hardware alone and tie with the same.
std::vector<TiedDesign> tied_designs(const StudyTable& table, const std::vector<const Row*>& rows) {
  std::unordered_map<std::string, const std::string*> assignment_of_key;
  for (const Row& row : table.rows) {
    assignment_of_key.emplace(row.point.key, &row.point.assignment);
  }
  std::vector<TiedDesign> designs;
  std::unordered_map<std::string, std::size_t> place;
  for (const Row* row : rows) {
    if (!row->view.on_front || row->view.tied_with.empty()) continue;
    const auto [entry, is_new] = place.try_emplace(row->point.assignment, designs.size());
    if (is_new) designs.push_back({row->point.assignment, 0, {}});
    TiedDesign& design = designs[entry->second];
    ++design.num_points;
    for (const std::string& key : row->view.tied_with) {
      add_once(design.ties, *assignment_of_key.at(key));
    }
  }
  return designs;
}

// "  exact (4 points) ~ 1KVP@1-1 1KV9@1-1 and 3 more".
std::string tie_line(const TiedDesign& design) {
  constexpr std::size_t kShown = 4;
  std::string text = "  " + design.assignment;
  if (design.num_points > 1) text += fmt::format(" ({} points)", design.num_points);
  text += " ~";
  for (std::size_t i = 0; i < std::min(kShown, design.ties.size()); ++i) {
    text += " " + design.ties[i];
  }
  if (design.ties.size() > kShown) text += fmt::format(" and {} more", design.ties.size() - kShown);
  return text + "\n";
}

// Which assignments of the front are tied with which, and how many others only ties decide.
std::string tie_notes(const StudyTable& table, const std::vector<const Row*>& rows) {
  constexpr std::size_t kShown = 12;
  const std::vector<TiedDesign> designs = tied_designs(table, rows);
  std::string text;
  if (!designs.empty()) {
    text = "Tied: the paired 95 % interval of the difference on a sampled axis contains 0:\n";
  }
  for (std::size_t i = 0; i < std::min(kShown, designs.size()); ++i) text += tie_line(designs[i]);
  if (designs.size() > kShown) {
    text +=
        fmt::format("  and {} more (tied_with of CSV and JSON has all)\n", designs.size() - kShown);
  }
  const auto through_tie = std::count_if(table.rows.begin(), table.rows.end(), [&](const Row& row) {
    return state_text(table, row) == "dominated (tied)";
  });
  if (through_tie > 0) {
    text += fmt::format(
        "{} more tie on a sampled axis with the design that dominates them on the others; more "
        "pairs (--pairs) could tell them apart.\n",
        through_tie);
  }
  return text;
}

std::string gate_notes(const StudyTable& table) {
  std::map<std::string, int> count_of_gate;
  for (const Row& row : table.rows) {
    const std::string text = gate_text(row.point);
    if (!text.empty()) ++count_of_gate[text];
  }
  std::string text;
  for (const auto& [gate, count] : count_of_gate) {
    const std::string name = gate.substr(gate.find(' ') + 1);
    if (gate.starts_with("infeasible")) {
      text += fmt::format("{} infeasible: the part has too little {}.\n", count, name);
    } else {
      text += fmt::format("{} stopped by --{} (the first gate that failed).\n", count, name);
    }
  }
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

// The distinct non-empty values of a text field over the rows, a line each.
template <typename Field>
std::string distinct_notes(const std::vector<const Row*>& rows, const char* label, Field field) {
  std::set<std::string> values;
  for (const Row* row : rows) {
    const std::string value = field(*row);
    if (!value.empty()) values.insert(value);
  }
  std::string text;
  for (const std::string& value : values) text += fmt::format("{}: {}\n", label, value);
  return text;
}

// What the campaigns of the study hit; a study of stored activations does not say it.
std::string fault_note(const StudyTable& table) {
  const Json options = Json::parse(table.info.options);
  const Json targets = options.value("targets", Json::array({"activation"}));
  std::vector<std::string> names;
  for (const Json& target : targets) names.push_back(target.get<std::string>());
  return fmt::format("Faults: single bits flipped, {}.\n", fmt::join(names, " and "));
}

std::string source_notes(const StudyTable& table, const std::vector<const Row*>& rows) {
  std::string text =
      distinct_notes(rows, "Cycles", [](const Row& row) { return row.point.cost.cycles_source; });
  text += fmt::format("Resources: {}.\n", table.info.cost_source);
  text +=
      "uJ an image and MHz: estimates by switching activity (uncalibrated) and by logic depth; "
      "memory outside the part takes no energy here.\n";
  const auto num_unknown = std::ranges::count_if(
      rows, [](const Row* row) { return !row->point.cost.energy_nj.has_value(); });
  if (num_unknown > 0) {
    text += fmt::format(
        "Energy not known in {} of {} rows (an import without a netlist): behind all others where "
        "it is an objective.\n",
        num_unknown, rows.size());
  }
  text += distinct_notes(rows, "Exact multipliers", [](const Row& row) {
    return row.point.cost.baseline == store::kNoBaseline ? "" : row.point.cost.baseline;
  });
  text += distinct_notes(rows, "Intervals (95 %)", [](const Row& row) {
    return row.point.faults ? row.point.faults->method : std::string();
  });
  if (std::ranges::any_of(rows, [](const Row* row) { return row->point.faults.has_value(); })) {
    text += fault_note(table);
  }
  std::map<std::string, int> stops;
  for (const Row* row : rows) {
    if (row->point.faults) ++stops[row->point.faults->stop_reason];
  }
  for (const auto& [reason, count] : stops) {
    text += fmt::format("Stopped ({} of {} rows): {}\n", count, rows.size(), reason);
  }
  return text;
}

std::vector<const Row*> chosen_rows(const StudyTable& table, Rows rows) {
  if (rows == Rows::kFront) return table.front();
  std::vector<const Row*> all;
  all.reserve(table.rows.size());
  for (const Row& row : table.rows) all.push_back(&row);
  return all;
}

Json fault_json(const FaultRecord& faults) {
  Json counts;
  for (std::size_t i = 0; i < store::kNumOutcomes; ++i) {
    std::string name = store::outcome_name(static_cast<Outcome>(i));
    std::erase(name, ',');
    std::replace(name.begin(), name.end(), ' ', '_');
    counts[name] = faults.counts[i];
  }
  return {{"pairs", faults.pairs},
          {"faults", faults.faults},
          {"outcomes", counts},
          {"sdc_rate", faults.sdc_rate},
          {"sdc_rate_interval", {faults.sdc_low, faults.sdc_high}},
          {"vulnerability", faults.vulnerability},
          {"vulnerability_interval", {faults.vulnerability_low, faults.vulnerability_high}},
          {"method", faults.method},
          {"stop_reason", faults.stop_reason},
          {"rechecked", faults.rechecked},
          {"seconds", faults.seconds}};
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json row_json(const StudyTable& table, const Row& row) {
  const store::PointRecord& point = row.point;
  Json json = {{"key", point.key},
               {"assignment", point.assignment},
               {"mask", point.mask},
               {"multiplier", point.multiplier},
               {"aliases", point.aliases},
               {"status", store::status_name(point.status)},
               {"accuracy", point.accuracy()},
               {"correct", point.correct},
               {"images", point.images},
               {"accuracy_drop", row.accuracy_drop},
               {"cycles", point.cost.cycles},
               {"cycles_source", point.cost.cycles_source},
               {"cycles_engine", point.cost.cycles_engine},
               {"lut", point.cost.lut},
               {"ff", point.cost.ff},
               {"dsp", point.cost.dsp},
               {"bram", point.cost.bram},
               {"utilization", point.cost.utilization_fraction},
               {"energy_nj", optional_json(point.cost.energy_nj)},
               {"max_mhz", optional_json(point.cost.max_mhz)},
               {"outputs", point.hardware.outputs},
               {"memory", point.hardware.memory},
               {"schedule", point.hardware.schedule},
               {"weight_memory", point.hardware.weight_memory},
               {"cost_baseline", point.cost.baseline},
               {"cost_source", point.cost.source},
               {"compared", table.is_compared(row)},
               {"on_front", row.view.on_front},
               {"tied_with", row.view.tied_with},
               {"dominated_by", row.view.dominated_by}};
  if (point.status == store::PointStatus::kGated) {
    json["gate"] = {{"name", point.gate}, {"value", point.gate_value}, {"limit", point.gate_limit}};
  }
  if (point.faults) json["faults"] = fault_json(*point.faults);
  return json;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_fault_fields(const store::PointRecord& point) {
  if (!point.faults) return ",,,,,,,,,,,";
  const FaultRecord& faults = *point.faults;
  return fmt::format(",{},{},{},{},{},{},{},{},{},{},{}", faults.pairs, faults.sdc_rate,
                     faults.sdc_low, faults.sdc_high, faults.vulnerability,
                     faults.vulnerability_low, faults.vulnerability_high,
                     faults.count(Outcome::kHarmful), faults.count(Outcome::kBeneficial),
                     faults.count(Outcome::kNeutral), csv_field(faults.stop_reason));
}

}  // namespace

std::string dominance_notes(const StudyTable& table) {
  std::string text;
  for (const store::ReferenceCost& reference : table.info.references) {
    const std::size_t dominated = table.num_dominated_by(reference);
    if (dominated == 0) continue;
    text += fmt::format(
        "Exact multipliers ({}) dominate {} of {} approximate designs in accuracy, cycles and "
        "FF + LUT ({:.0f}, and {:.0f} DSP).\n",
        table.label_of(reference).substr(std::string_view("exact, ").size()), dominated,
        table.num_approximate(), reference.resources(), reference.dsp);
  }
  return text;
}

std::string text_table(const StudyTable& table, Rows rows) {
  const std::vector<const Row*> shown = chosen_rows(table, rows);
  std::string text = dominance_notes(table);
  text += fmt::format("{} on {}: {} designs, {} images; {} on the Pareto front of",
                      table.info.model_name, table.info.data_name, table.rows.size(),
                      table.info.num_images, table.front().size());
  for (const std::string& objective : table.objectives) text += " " + objective;
  std::size_t width = 0;
  for (const auto& reference : table.info.references) {
    width = std::max(width, table.label_of(reference).size());
  }
  for (const Row* row : shown) width = std::max(width, row->label.size());
  text += fmt::format(
      "\n\n{:<8}  {:<{}} {:>10} {:>8}  {:<25} {:<27} {:>9} {:>7} {:>4} {:>6} {:>6} {:>9} {:>4}\n",
      "point", "design", width, "accuracy %", "drop pp", "SDC rate % [95 %]",
      "vulnerability pp [95 %]", "cycles", "FF+LUT", "DSP", "BRAM", "util %", "uJ (est.)", "MHz");
  for (const Row* row : shown) {
    text += table_line(row->point.key, *row, width, state_text(table, *row));
  }
  for (const Row& row : table.reference_rows()) {
    text += table_line("", row, width, "reference");
  }
  if (shown.empty()) text += "(none)\n";
  if (const std::size_t waiting = table.num_not_compared(); waiting > 0) {
    text += fmt::format(
        "\n{} of {} designs are not injected yet: this front is provisional; explore again to go "
        "on.\n",
        waiting, table.rows.size());
  }
  text += "\n" + tie_notes(table, shown) + gate_notes(table) + source_notes(table, shown);
  return text;
}

std::string csv_table(const StudyTable& table) {
  std::string text =
      "assignment,mask,multiplier,status,gate,on_front,correct,images,accuracy,accuracy_drop,"
      "cycles,cycles_engine,lut,ff,dsp,bram,utilization,pairs,sdc_rate,sdc_low,sdc_high,"
      "vulnerability,vulnerability_low,vulnerability_high,harmful,beneficial,neutral,stop_reason,"
      "dominated_by,tied_with,key,outputs,baseline,memory,energy_nj,max_mhz,schedule,"
      "weight_memory\n";
  for (const Row& row : table.rows) {
    const store::PointRecord& point = row.point;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                        csv_field(point.assignment), point.mask, csv_field(point.multiplier),
                        store::status_name(point.status), point.gate, row.view.on_front ? 1 : 0,
                        point.correct, point.images, point.accuracy(), row.accuracy_drop,
                        point.cost.cycles, point.cost.cycles_engine, point.cost.lut, point.cost.ff,
                        point.cost.dsp, point.cost.bram, point.cost.utilization_fraction);
    text += csv_fault_fields(point);
    text += fmt::format(",{},{}", row.view.dominated_by, fmt::join(row.view.tied_with, " "));
    const store::Hardware& hardware = point.hardware;
    text +=
        fmt::format(",{},{},{},{},{},{},{},{}\n", point.key, fmt::join(hardware.outputs, " "),
                    point.cost.baseline, hardware.memory, number_text(point.cost.energy_nj, 1, 3),
                    number_text(point.cost.max_mhz, 1, 1), hardware.schedule,
                    fmt::join(hardware.weight_memory, " "));
  }
  return text;
}

std::string json_table(const StudyTable& table) {
  Json json = {{"model", table.info.model_name},
               {"model_key", table.info.model_key},
               {"data", table.info.data_name},
               {"data_key", table.info.data_key},
               {"images", table.info.num_images},
               {"seed", table.info.seed},
               {"options", Json::parse(table.info.options, nullptr, false)},
               {"objectives", table.objectives},
               {"exact_references", Json::array()},
               {"points", Json::array()}};
  for (const store::ReferenceCost& reference : table.info.references) {
    json["exact_references"].push_back({{"baseline", reference.baseline},
                                        {"outputs", reference.hardware.outputs},
                                        {"memory", reference.hardware.memory},
                                        {"schedule", reference.hardware.schedule},
                                        {"weight_memory", reference.hardware.weight_memory},
                                        {"cycles", reference.cycles},
                                        {"lut", reference.lut},
                                        {"ff", reference.ff},
                                        {"dsp", reference.dsp},
                                        {"bram", reference.bram},
                                        {"utilization", reference.utilization_fraction},
                                        {"dominates", table.num_dominated_by(reference)}});
  }
  for (const Row& row : table.rows) json["points"].push_back(row_json(table, row));
  return json.dump(2) + "\n";
}

}  // namespace deepaxe::report
