#include "deepaxe/cli/inject_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "deepaxe/fault/fault_list.h"
#include "deepaxe/fault/row_rate.h"
#include "deepaxe/fault/sampling.h"

namespace deepaxe::cli {
namespace {

using Out = std::back_insert_iterator<std::string>;

std::string interval_text(const fault::Interval& interval, double factor, int digits = 4) {
  return fmt::format("95 % interval [{:.{}f}, {:.{}f}]", interval.low * factor, digits,
                     interval.high * factor, digits);
}

std::string rate_text(const std::optional<double>& rate) {
  return rate ? fmt::format("{:.4f}", 100 * *rate) : "-";
}

void add_rates(Out out, const fault::CampaignResult& result) {
  fmt::format_to(out, "SDC rate                  {:.4f} %   {}\n", 100 * result.sdc_rate,
                 interval_text(result.sdc_interval, 100));
  if (const auto right = fault::sdc_of_right(result)) {
    fmt::format_to(out, "  of right images         {:.4f} %   {}\n", 100 * right->value,
                   interval_text(right->interval, 100));
  }
  const auto rate = [&](fault::Outcome o) {
    return 100 * result.outcome_rates[static_cast<std::size_t>(o)];
  };
  fmt::format_to(out, "  harmful {:.4f} %, beneficial {:.4f} %, neutral {:.4f} %\n",
                 rate(fault::Outcome::kHarmful), rate(fault::Outcome::kBeneficial),
                 rate(fault::Outcome::kNeutral));
  fmt::format_to(out, "fault vulnerability       {:.4f} pp  {}\n", 100 * result.vulnerability,
                 interval_text(result.vulnerability_interval, 100));
}

void add_critical(Out out, const InjectReport& report) {
  if (!tries_whole_faults(report.sampling)) {
    fmt::format_to(out, "critical faults           -         (needs --faults N or all)\n");
    return;
  }
  const fault::Estimate critical = critical_faults(report);
  fmt::format_to(
      out, "critical faults           {:.4f} %   {}, harming at least {:g} % of images\n",
      100 * critical.value, interval_text(critical.interval, 100), 100 * report.critical_share);
}

void add_fit(Out out, const InjectReport& report) {
  if (!report.fit) return;
  const auto fit =
      fault::failures_in_time(report.result, report.sampling, report.space, *report.fit);
  if (!fit) {
    fmt::format_to(out, "failures in time          -         (not enough data)\n");
    return;
  }
  fmt::format_to(out, "failures in time          {:.4g} FIT  {}, of {:g} FIT per 10^6 bits\n",
                 fit->value, interval_text(fit->interval, 1), report.fit->raw_per_mbit);
}

void add_residency(Out out, const InjectReport& report) {
  if (!report.fit || std::ranges::all_of(report.fit->residency, [](double s) { return s == 1; })) {
    return;
  }
  fmt::format_to(out, "  live at a time          ");
  for (std::size_t t = 0; t < report.fit->residency.size(); ++t) {
    const fault::FaultTensor& tensor = report.space.tensors()[t];
    if (tensor.target != fault::Target::kActivation) continue;
    fmt::format_to(out, "{} {:.4f}  ", tensor.name, report.fit->residency[t]);
  }
  fmt::format_to(out, "\n");
}

void add_margin(Out out, const InjectReport& report) {
  if (!report.result.margin_loss) return;
  const fault::MarginLoss& margin = *report.result.margin_loss;
  const double scale = logit_scale(report);
  fmt::format_to(out, "margin loss               {:.6f} codes  {}\n", margin.loss.value,
                 interval_text(margin.loss.interval, 1, 6));
  const double golden =
      static_cast<double>(margin.golden_margins) / static_cast<double>(report.result.images);
  fmt::format_to(out,
                 "  as logits               {:.4g}  of a mean margin of {:.4g} ({:.2f} codes)\n",
                 margin.loss.value * scale, golden * scale, golden);
}

// Layers of one target and effect under one header; words wider than a byte by eight bits at once.
void add_layer_table(Out out, const InjectReport& report) {
  fmt::format_to(out, "\nSDC rate, % ('-': fewer than {} pairs, or a bit without any)\n",
                 fault::kLeastPairs);
  const std::vector<fault::RowRate> rates = fault::row_rates(report.result);
  const fault::FaultTensor* last = nullptr;
  for (const fault::FaultTensor& tensor : report.space.tensors()) {
    const auto num_bits = static_cast<std::size_t>(tensor.bits);
    const std::size_t step = num_bits > 8 ? 8 : 1;
    const std::size_t columns = (num_bits + step - 1) / step;
    if (last == nullptr || last->target != tensor.target || last->effect != tensor.effect) {
      fmt::format_to(out, "{:<24}",
                     fmt::format("{} {}", to_string(tensor.target), to_string(tensor.effect)));
      for (std::size_t c = columns; c-- > 0 && num_bits > 1;) {
        const std::size_t top = std::min((c + 1) * step, num_bits) - 1;
        fmt::format_to(
            out, "{:>12}",
            step == 1 ? fmt::format("bit {}", c) : fmt::format("bits {}-{}", top, c * step));
      }
      fmt::format_to(out, "{:>12}\n", "all");
    }
    last = &tensor;
    const auto bits = std::span(rates).subspan(tensor.first_row, num_bits);
    fmt::format_to(out, "{:<24}", tensor.name);
    for (std::size_t c = columns; c-- > 0 && num_bits > 1;) {
      const std::size_t count = std::min(step, num_bits - c * step);
      fmt::format_to(out, "{:>12}", rate_text(fault::mean_rate(bits.subspan(c * step, count))));
    }
    fmt::format_to(out, "{:>12}\n", rate_text(fault::mean_rate(bits)));
  }
}

void add_worst(Out out, const InjectReport& report) {
  if (report.top == 0) return;
  fmt::format_to(out, "\nworst faults\n{:<48}{:>9}{:>12}{:>9}{:>9}\n",
                 fault::fault_columns(report.space), "harmful", "beneficial", "neutral", "of");
  for (const fault::FaultCounts& entry : report.records.worst().ranked()) {
    fmt::format_to(out, "{:<48}{:>9}{:>12}{:>9}{:>9}\n",
                   fault::fault_fields(report.space.at(entry.fault), report.space),
                   entry.counts[fault::Outcome::kHarmful],
                   entry.counts[fault::Outcome::kBeneficial],
                   entry.counts[fault::Outcome::kNeutral], entry.counts.pairs());
  }
}

void add_unbiased(Out out, const InjectReport& report) {
  if (!report.unbiased) return;
  fmt::format_to(out, "\nuniformly over the memory, {} pairs\n", report.unbiased->total.pairs());
  add_rates(out, *report.unbiased);
  fmt::format_to(out, "method                    {}\n{}\n", report.unbiased->method,
                 protocol_note(report));
}

}  // namespace

bool tries_whole_faults(fault::Sampling sampling) noexcept {
  return sampling == fault::Sampling::kFaultList || sampling == fault::Sampling::kCensus ||
         sampling == fault::Sampling::kCommonFaults || sampling == fault::Sampling::kDeepaxe2023;
}

std::string_view outcome_key(std::size_t outcome) noexcept {
  static constexpr std::array<std::string_view, fault::kNumOutcomes> kKeys = {
      "masked",  "changed_same_class", "harmful",   "beneficial",
      "neutral", "detected",           "corrected", "hang"};
  return kKeys[outcome];
}

std::string protocol_note(const InjectReport& report) {
  const auto layers = fault::paper_layers(report.model, report.space);
  std::vector<double> times(report.space.tensors().size());
  for (const fault::PaperLayer& layer : layers) ++times[static_cast<std::size_t>(layer.tensor)];
  std::size_t most = 0;
  double largest = 0;
  for (std::size_t t = 0; t < times.size(); ++t) {
    const double memory = static_cast<double>(report.space.tensors()[t].num_faults()) /
                          static_cast<double>(report.space.size());
    const double ratio = times[t] / static_cast<double>(layers.size()) / memory;
    if (ratio > largest) {
      largest = ratio;
      most = t;
    }
  }
  return fmt::format(
      "The paper's protocol draws each layer equally often, so that a bit of {} is drawn {:.1f} "
      "times as often as its share of the memory: its SDC rate of {:.4f} % is that of another "
      "distribution of faults; uniformly over the memory it is {:.4f} %.",
      report.space.tensors()[most].name, largest, 100 * report.result.sdc_rate,
      100 * report.unbiased->sdc_rate);
}

std::string inject_text(const InjectReport& report) {
  const fault::CampaignResult& result = report.result;
  std::string text;
  const Out out(text);
  fmt::format_to(out,
                 "{}: {} pairs ({} fault draws, {} images) of a space of {} faults x {} images\n",
                 report.assignment, result.total.pairs(), result.num_faults, result.images,
                 report.space.size(), result.images);
  if (result.pilot_pairs > 0) {
    fmt::format_to(out, "pilot                     {} pairs more, in none of the figures\n",
                   result.pilot_pairs);
  }
  fmt::format_to(
      out, "accuracy without faults   {:.2f} %\n",
      100 * static_cast<double>(result.golden_correct) / static_cast<double>(result.images));
  add_rates(out, result);
  add_critical(out, report);
  add_margin(out, report);
  add_fit(out, report);
  add_residency(out, report);
  fmt::format_to(out, "method                    {}\nstopped                   {}\n", result.method,
                 result.stop_reason);
  fmt::format_to(out,
                 "re-checked                {} pairs by the reference kernels, {} mismatches\n",
                 result.rechecked, result.mismatches);
  fmt::format_to(
      out,
      "simulated                 {} pairs to the logits; {} died out before, {} came down "
      "to a difference met before\n",
      result.work.evaluated, result.work.masked, result.work.collapsed);
  fmt::format_to(out, "time                      {:.2f} s\noutcomes                  ",
                 result.seconds);
  for (std::size_t i = 0; i < fault::kNumOutcomes; ++i) {
    if (result.total.counts[i] > 0) {
      fmt::format_to(out, "{} {}  ", outcome_key(i), result.total.counts[i]);
    }
  }
  fmt::format_to(out, "\n");
  add_layer_table(out, report);
  add_worst(out, report);
  add_unbiased(out, report);
  return text;
}

fault::Estimate critical_faults(const InjectReport& report) {
  return report.records.critical().estimate(report.sampling != fault::Sampling::kCommonFaults &&
                                            report.sampling != fault::Sampling::kDeepaxe2023);
}

double logit_scale(const InjectReport& report) {
  const auto node = static_cast<std::size_t>(model::logits_node(report.model));
  return report.model.nodes[node].quant.scale;
}

}  // namespace deepaxe::cli
