#include "deepaxe/report/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace deepaxe::report {
namespace {

using Json = nlohmann::ordered_json;
using store::FaultRecord;
using store::Outcome;

// "0.0650 [0.0601, 0.0702]" of fractions, in percent.
std::string percent_interval(double value, double low, double high) {
  return fmt::format("{:.4f} [{:.4f}, {:.4f}]", 100 * value, 100 * low, 100 * high);
}

std::string sdc_text(const Row& row) {
  if (!row.point.faults) return "not injected";
  const FaultRecord& faults = *row.point.faults;
  return percent_interval(faults.sdc_rate(), faults.sdc_low, faults.sdc_high);
}

std::string vulnerability_text(const Row& row) {
  if (!row.point.faults) return "";
  const FaultRecord& faults = *row.point.faults;
  return percent_interval(faults.vulnerability(), faults.vulnerability_low,
                          faults.vulnerability_high);
}

std::string state_text(const Row& row) {
  if (row.point.status == store::PointStatus::kGated) return "gated: " + row.point.gate;
  return row.view.on_front ? "front" : "dominated";
}

std::string table_line(const Row& row) {
  return fmt::format("{:<10} {:<12} {:>8.2f} {:>8.3f}  {:<25} {:<27} {:>9} {:>8.0f} {:>6.2f}  {}\n",
                     row.point.multiplier, row.point.mask, 100 * row.point.accuracy(),
                     100 * row.accuracy_drop, sdc_text(row), vulnerability_text(row),
                     row.point.cost.cycles, row.point.cost.resources(),
                     100 * row.point.cost.utilization_fraction, state_text(row));
}

std::string assignment_of(const StudyTable& table, const std::string& key) {
  for (const Row& row : table.rows) {
    if (row.point.key == key) return row.point.assignment;
  }
  return key;
}

// Who is tied with whom among the rows shown, a line each.
std::string tie_notes(const StudyTable& table, const std::vector<const Row*>& rows) {
  std::string text;
  for (const Row* row : rows) {
    if (row->view.tied_with.empty()) continue;
    constexpr std::size_t kShown = 4;
    text += "  " + row->point.assignment + " ~";
    for (std::size_t i = 0; i < std::min(kShown, row->view.tied_with.size()); ++i) {
      text += " " + assignment_of(table, row->view.tied_with[i]);
    }
    if (row->view.tied_with.size() > kShown) {
      text += fmt::format(" and {} more", row->view.tied_with.size() - kShown);
    }
    text += "\n";
  }
  if (text.empty()) return text;
  return "Tied: the paired 95 % interval of the difference on the sampled axis contains 0:\n" +
         text;
}

std::string gate_notes(const StudyTable& table) {
  std::map<std::string, int> count_of_gate;
  for (const Row& row : table.rows) {
    if (row.point.status == store::PointStatus::kGated) ++count_of_gate[row.point.gate];
  }
  std::string text;
  for (const auto& [gate, count] : count_of_gate) {
    text += fmt::format("{} designs did not pass --{}.\n", count, gate);
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

std::string source_notes(const StudyTable& table, const std::vector<const Row*>& rows) {
  std::string text =
      distinct_notes(rows, "Cycles", [](const Row& row) { return row.point.cost.cycles_source; });
  text += fmt::format("Resources: {}; exact multipliers: {}.\n", table.info.cost_source,
                      table.info.baseline);
  text += distinct_notes(rows, "Intervals (95 %)", [](const Row& row) {
    return row.point.faults ? row.point.faults->method : std::string();
  });
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
          {"sdc_rate", faults.sdc_rate()},
          {"sdc_rate_interval", {faults.sdc_low, faults.sdc_high}},
          {"vulnerability", faults.vulnerability()},
          {"vulnerability_interval", {faults.vulnerability_low, faults.vulnerability_high}},
          {"method", faults.method},
          {"stop_reason", faults.stop_reason},
          {"rechecked", faults.rechecked},
          {"seconds", faults.seconds}};
}

std::vector<std::string> assignments_of(const StudyTable& table,
                                        const std::vector<std::string>& keys) {
  std::vector<std::string> names;
  for (const std::string& key : keys) names.push_back(assignment_of(table, key));
  return names;
}

Json row_json(const StudyTable& table, const Row& row) {
  const store::PointRecord& point = row.point;
  Json json = {{"assignment", point.assignment},
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
               {"cost_baseline", point.cost.baseline},
               {"cost_source", point.cost.source},
               {"on_front", row.view.on_front},
               {"tied_with", assignments_of(table, row.view.tied_with)},
               {"dominated_by", assignment_of(table, row.view.dominated_by)}};
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
  if (!point.faults) return ",,,,,,,,,,";
  const FaultRecord& faults = *point.faults;
  return fmt::format(",{},{},{},{},{},{},{},{},{},{}", faults.pairs, faults.sdc_rate(),
                     faults.sdc_low, faults.sdc_high, faults.vulnerability(),
                     faults.vulnerability_low, faults.vulnerability_high,
                     faults.count(Outcome::kHarmful), faults.count(Outcome::kBeneficial),
                     faults.count(Outcome::kNeutral));
}

}  // namespace

std::string text_table(const StudyTable& table, Rows rows) {
  const std::vector<const Row*> shown = chosen_rows(table, rows);
  std::string text = fmt::format("{} on {}: {} designs, {} images; {} on the Pareto front of",
                                 table.info.model_name, table.info.data_name, table.rows.size(),
                                 table.info.num_images, table.front().size());
  for (const std::string& objective : table.objectives) text += " " + objective;
  text += fmt::format("\n\n{:<10} {:<12} {:>8} {:>8}  {:<25} {:<27} {:>9} {:>8} {:>6}\n",
                      "multiplier", "layers", "accuracy", "drop pp", "SDC rate % [95 %]",
                      "vulnerability pp [95 %]", "cycles", "FF+LUT", "util %");
  for (const Row* row : shown) text += table_line(*row);
  text += "\n" + tie_notes(table, shown) + gate_notes(table) + source_notes(table, shown);
  return text;
}

std::string csv_table(const StudyTable& table) {
  std::string text =
      "assignment,mask,multiplier,status,gate,on_front,correct,images,accuracy,accuracy_drop,"
      "cycles,cycles_engine,lut,ff,dsp,bram,utilization,pairs,sdc_rate,sdc_low,sdc_high,"
      "vulnerability,vulnerability_low,vulnerability_high,harmful,beneficial,neutral\n";
  for (const Row& row : table.rows) {
    const store::PointRecord& point = row.point;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                        csv_field(point.assignment), point.mask, csv_field(point.multiplier),
                        store::status_name(point.status), point.gate, row.view.on_front ? 1 : 0,
                        point.correct, point.images, point.accuracy(), row.accuracy_drop,
                        point.cost.cycles, point.cost.cycles_engine, point.cost.lut, point.cost.ff,
                        point.cost.dsp, point.cost.bram, point.cost.utilization_fraction);
    text += csv_fault_fields(point) + "\n";
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
               {"points", Json::array()}};
  for (const Row& row : table.rows) json["points"].push_back(row_json(table, row));
  return json.dump(2) + "\n";
}

}  // namespace deepaxe::report
