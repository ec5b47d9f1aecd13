#include "deepaxe/report/html.h"

#include <fmt/format.h>

#include "deepaxe/report/charts.h"
#include "deepaxe/report/svg.h"
#include "deepaxe/report/tables.h"

namespace deepaxe::report {
namespace {

constexpr std::string_view kStyle = R"(
body { font: 15px/1.5 sans-serif; color: #222; max-width: 1180px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin-top: 2em; }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; }
th, td { padding: 3px 9px; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; font-family: monospace; }
tr.front { background: #eef5ff; } tr.gated { color: #888; }
p.note, pre { font-size: 13px; color: #444; white-space: pre-wrap; }
svg { max-width: 100%; height: auto; }
.pair svg { width: 49%; }
)";

std::string number_cell(const std::optional<double>& value, double unit, int digits) {
  return value ? fmt::format("{:.{}f}", *value / unit, digits) : "&ndash;";
}

std::string state_of(const StudyTable& table, const Row& row) {
  if (row.point.key.empty()) return "reference";
  if (row.point.status == store::PointStatus::kGated) return escape_markup(gate_text(row.point));
  if (row.view.on_front) return "front";
  return table.is_compared(row) ? "" : "not compared";
}

std::string html_row(const StudyTable& table, const Row& row) {
  const store::PointRecord& point = row.point;
  const bool gated = point.status == store::PointStatus::kGated;
  std::string sdc = "&ndash;", vulnerability = "&ndash;", pairs = "&ndash;";
  if (point.faults) {
    const store::FaultRecord& faults = *point.faults;
    sdc = fmt::format("{:.4f} [{:.4f}, {:.4f}]", 100 * faults.sdc_rate, 100 * faults.sdc_low,
                      100 * faults.sdc_high);
    vulnerability = fmt::format("{:.4f} [{:.4f}, {:.4f}]", 100 * faults.vulnerability,
                                100 * faults.vulnerability_low, 100 * faults.vulnerability_high);
    pairs = fmt::format("{}", faults.pairs);
  }
  return fmt::format(
      "<tr class=\"{}\"><td>{}</td><td>{:.2f}</td><td>{:.3f}</td><td>{}</td><td>{}</td><td>{}</td>"
      "<td>{}</td><td>{:.0f}</td><td>{:.0f}</td><td>{:.0f}</td><td>{:.1f}</td><td>{:.2f}</td>"
      "<td>{}</td><td>{}</td><td>{}</td><td><code>{:.8}</code></td></tr>\n",
      gated ? "gated" : (row.view.on_front ? "front" : ""), escape_markup(row.label),
      100 * point.accuracy(), 100 * row.accuracy_drop, sdc, vulnerability, pairs, point.cost.cycles,
      point.cost.lut, point.cost.ff, point.cost.dsp, point.cost.bram,
      100 * point.cost.utilization_fraction, number_cell(point.cost.energy_nj, 1e3, 2),
      number_cell(point.cost.max_mhz, 1, 0), state_of(table, row), point.key);
}

std::string html_table(const StudyTable& table, const std::vector<const Row*>& rows) {
  std::string text =
      "<div class=\"wide\"><table><thead><tr><th>design</th><th>accuracy %</th><th>drop "
      "pp</th><th>SDC rate % [95 %]"
      "</th><th>vulnerability pp [95 %]</th><th>pairs</th><th>cycles</th><th>LUT</th><th>FF</th>"
      "<th>DSP</th><th>BRAM</th><th>util %</th><th>uJ an "
      "image</th><th>MHz</th><th></th><th>key</th>"
      "</tr></thead><tbody>\n";
  for (const Row* row : rows) text += html_row(table, *row);
  for (const Row& row : table.reference_rows()) text += html_row(table, row);
  return text + "</tbody></table></div>\n";
}

std::string charts_section(const StudyTable& table) {
  std::string text = "<h2>Design space</h2>\n<div class=\"pair\">\n";
  text += scatter_chart(table, Quantity::kUtilization, Quantity::kAccuracyDrop);
  text += scatter_chart(table, Quantity::kUtilization, Quantity::kSdcRate);
  text += scatter_chart(table, Quantity::kAccuracyDrop, Quantity::kVulnerability);
  text += scatter_chart(table, Quantity::kCycles, Quantity::kAccuracyDrop);
  text += "</div>\n";
  if (!table.front().empty()) text += "<h2>The Pareto set as bars</h2>\n" + bar_chart(table);
  if (const Row* exact = table.exact(); exact != nullptr && exact->point.faults) {
    text += "<h2>SDC rate by layer and bit: exact design</h2>\n";
    text += vulnerability_map(table, *exact);
    text +=
        "<p class=\"note\">Share of the flips of that bit that change the class; n/a: fewer "
        "than 30 pairs.</p>\n";
  }
  for (const Row* row : table.front()) {
    if (!row->point.faults || row->point.measurement == table.info.exact_key) continue;
    text += fmt::format("<h2>SDC rate by layer and bit: {}</h2>\n", escape_markup(row->label));
    text += vulnerability_map(table, *row);
    break;  // The most accurate approximate design of the front; every other is in the JSON.
  }
  return text;
}

}  // namespace

std::string html_page(const StudyTable& table) {
  std::vector<const Row*> all;
  all.reserve(table.rows.size());
  for (const Row& row : table.rows) all.push_back(&row);
  const std::string dominance = dominance_notes(table);
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<title>DeepAxe: {0}</title>\n<style>{1}</style></head><body>\n"
      "<h1>{0} on {2}</h1>\n<p>{3} design points, {4} images, seed {5}. Model key <code>{6:.12}"
      "</code>, data key <code>{7:.12}</code>.</p>\n{8}<h2>Pareto set</h2>\n",
      escape_markup(table.info.model_name), kStyle, escape_markup(table.info.data_name),
      table.rows.size(), table.info.num_images, table.info.seed, table.info.model_key,
      table.info.data_key, dominance.empty() ? "" : "<p>" + escape_markup(dominance) + "</p>\n");
  text += html_table(table, table.front());
  text += charts_section(table);
  text += "<h2>All designs</h2>\n" + html_table(table, all);
  text += "<h2>Ties, gates and sources</h2>\n<pre>" +
          escape_markup(text_table(table, Rows::kFront)) + "</pre>\n</body></html>\n";
  return text;
}

}  // namespace deepaxe::report
