#include "deepaxe/cli/state_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "deepaxe/cli/inject_report.h"

namespace deepaxe::cli {
namespace {

using hw::inject::StateCampaignResult;
using hw::inject::StateCounts;
using hw::verilog::StateGroup;
using Json = nlohmann::ordered_json;

Json estimate_json(std::int64_t count, std::int64_t of) {
  if (of == 0) return {{"count", 0}, {"rate", nullptr}, {"interval", nullptr}};
  const fault::Interval interval = fault::clopper_pearson(count, of);
  return {{"count", count},
          {"rate", static_cast<double>(count) / static_cast<double>(of)},
          {"interval", {interval.low, interval.high}}};
}

Json counts_json(const StateCounts& counts) {
  const std::int64_t faults = counts.outcomes.pairs();
  Json json = {{"faults", faults}};
  for (std::size_t i = 0; i < fault::kNumOutcomes; ++i) {
    if (static_cast<fault::Outcome>(i) == fault::Outcome::kCorrected) continue;
    json[std::string(outcome_key(i))] = estimate_json(counts.outcomes.counts[i], faults);
  }
  json["sdc"] = estimate_json(counts.outcomes.sdc(), faults);
  json["lasting"] = estimate_json(counts.lasting, faults);
  json["sdc_with_wrong_cycles"] = estimate_json(counts.sdc_with_wrong_cycles, faults);
  return json;
}

std::string rate_line(const std::string& name, std::int64_t count, std::int64_t of) {
  const fault::Interval interval = fault::clopper_pearson(count, of);
  return fmt::format("{:<26}{:>7}  {:>7.2f} %   95 % interval [{:.2f}, {:.2f}]\n", name, count,
                     100 * static_cast<double>(count) / static_cast<double>(of), 100 * interval.low,
                     100 * interval.high);
}

// "12.50 [3.2, 30.1]", or that there is nothing to tell it from.
std::string rate_cell(std::int64_t count, std::int64_t of) {
  if (of == 0) return "no faults";
  const fault::Interval interval = fault::clopper_pearson(count, of);
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]",
                     100 * static_cast<double>(count) / static_cast<double>(of), 100 * interval.low,
                     100 * interval.high);
}

std::string group_table(const StateCampaignResult& result) {
  using fault::Outcome;
  std::string text = fmt::format("\n{:<14}{:>8}{:>24}{:>24}{:>24}\n", "rates in %", "faults",
                                 "masked", "SDC", "hang");
  for (std::size_t i = 0; i < result.by_group.size(); ++i) {
    const fault::OutcomeCounts& counts = result.by_group[i].outcomes;
    const std::int64_t faults = counts.pairs();
    text += fmt::format("{:<14}{:>8}{:>24}{:>24}{:>24}\n", to_string(static_cast<StateGroup>(i)),
                        faults, rate_cell(counts[Outcome::kMasked], faults),
                        rate_cell(counts.sdc(), faults), rate_cell(counts[Outcome::kHang], faults));
  }
  return text;
}

}  // namespace

std::string state_json(const StateReport& report) {
  Json groups;
  for (std::size_t i = 0; i < report.result.by_group.size(); ++i) {
    const StateCounts& counts = report.result.by_group[i];
    groups[std::string(to_string(static_cast<StateGroup>(i)))] = counts_json(counts);
  }
  Json json = counts_json(report.result.total);
  json["assignment"] = report.assignment;
  json["images"] = report.images;
  json["bits"] = report.result.bits;
  json["cycles"] = report.bench.total_cycles();
  json["hang_after_cycles"] = report.bench.limit();
  json["by_group"] = groups;
  return json.dump(2) + "\n";
}

std::string state_text(const StateReport& report) {
  using fault::Outcome;
  const StateCounts& total = report.result.total;
  const fault::OutcomeCounts& outcomes = total.outcomes;
  const std::int64_t faults = outcomes.pairs();
  std::string text = fmt::format(
      "{}: {} faults in {} bits x {} cycles x {} images; a hang is no end after {} cycles\n",
      report.assignment, faults, report.result.bits, report.bench.total_cycles(), report.images,
      report.bench.limit());
  text += rate_line("masked", outcomes[Outcome::kMasked], faults);
  text += rate_line("changed, same class", outcomes[Outcome::kChangedSameClass], faults);
  text += rate_line("SDC", outcomes.sdc(), faults);
  text += fmt::format("  harmful {}, beneficial {}, neutral {}\n", outcomes[Outcome::kHarmful],
                      outcomes[Outcome::kBeneficial], outcomes[Outcome::kNeutral]);
  text += rate_line("  with wrong cycle count", total.sdc_with_wrong_cycles, faults);
  text += rate_line("detected: wrong frame", outcomes[Outcome::kDetected], faults);
  text += rate_line("hang", outcomes[Outcome::kHang], faults);
  text += rate_line("lasts until a reset *", total.lasting, faults);
  text += "* of all faults, whatever else came of them: the next image is wrong as well\n";
  return text + group_table(report.result);
}

std::string state_csv(const StateReport& report) {
  std::string text = "place,word,bit,cycle,image,group,outcome,lasts,wrong_cycles\n";
  for (const hw::inject::StateRecord& record : report.result.records) {
    const auto& place = report.bench.places()[static_cast<std::size_t>(record.fault.place)];
    text += fmt::format("{},{},{},{},{},{},{},{:d},{:d}\n", place.name, record.fault.word,
                        record.fault.bit, record.fault.cycle, record.image, to_string(place.group),
                        outcome_key(static_cast<std::size_t>(record.outcome)), record.lasts,
                        record.wrong_cycles);
  }
  return text;
}

}  // namespace deepaxe::cli
