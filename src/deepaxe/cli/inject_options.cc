#include "deepaxe/cli/inject_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/inject_report.h"

namespace deepaxe::cli {
namespace {

// The plan is of flips of stored activations, and tries none.
void add_plan_options(CLI::App& command, InjectArguments& a) {
  CLI::Option* plan =
      command.add_flag("--plan", a.plan, "Only print sample sizes: Leveugle's and the paper's");
  command.add_option("--plan-margin", a.plan_margin, "Margin of --plan, a fraction")
      ->check(CLI::Range(1e-6, 0.5))
      ->check(kFinite)
      ->capture_default_str()
      ->needs(plan);
  command.add_option("--plan-confidence", a.plan_confidence, "Confidence of --plan")
      ->check(CLI::Range(0.5, 0.999999))
      ->check(kFinite)
      ->capture_default_str()
      ->needs(plan);
  for (const char* other :
       {"--assign",      "--target",   "--effect",       "--parallel",   "--fault-list",
        "--faults",      "--protocol", "--pairs",        "--sdc-margin", "--vulnerability-margin",
        "--margin",      "--recheck",  "--csv",          "--top",        "--maps",
        "--margin-loss", "--critical", "--fit-per-mbit", "--residency",  "--schedule"}) {
    plan->excludes(command.get_option(other));
  }
}

// A rate of upsets is one of memory cells that flip.
void require_stored_bits(const fault::FaultSpace& space) {
  for (const fault::FaultTensor& tensor : space.tensors()) {
    const bool is_stored = tensor.target != fault::Target::kAccumulator &&
                           tensor.target != fault::Target::kMacUnit &&
                           tensor.target != fault::Target::kMultiplierNet;
    if (is_stored && tensor.effect == fault::Effect::kFlip) continue;
    throw base::InputError(
        {"--fit-per-mbit", "",
         fmt::format("{} of {}", to_string(tensor.effect), to_string(tensor.target)),
         "flips of stored bits: activations, weights, biases, requantization"});
  }
}

}  // namespace

void add_inject_options(CLI::App& command, InjectArguments& a) {
  add_model_options(command, a.work);
  add_data_options(command, a.work);
  command.add_option("--assign", a.assignment, "Multipliers, as for evaluate")
      ->capture_default_str();
  add_campaign_options(command, a.campaign);
  command.add_option(
      "--csv", a.csv,
      "Write outcome counts of every fault tried; strata then meet all images evenly");
  command.add_option("--top", a.top, "List this many of the worst faults; with --faults N or all")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
  command.add_flag(
      "--maps", a.maps,
      "With --json: SDC rates of each layer by channel, position, unit, net: what the target has; "
      "strata then meet all images evenly");
  command.add_flag("--margin-loss", a.margin_loss,
                   "Measure what faults take of the margin of the class's logit over the next; "
                   "needs the logits of every pair that differs");
  command
      .add_option("--critical", a.critical_percent,
                  "A fault is critical that harms this percentage of the images, at least one; "
                  "with --faults N or all")
      ->check(CLI::Range(0.0, 100.0))
      ->check(kFinite)
      ->capture_default_str();
  command
      .add_option("--fit-per-mbit", a.fit_per_mbit,
                  "Raw upsets of 10^6 bits in 10^9 hours: gives failures in time")
      ->check(CLI::Range(1e-12, 1e12))
      ->check(kFinite);
  add_residency_options(command, a.residency);
  add_fault_target_options(command, a.target);
  add_plan_options(command, a);
}

void refuse_idle_options(const CLI::App& command, const InjectArguments& arguments,
                         bool prints_json) {
  if (!prints_json) {
    refuse_idle(command, {"--maps"}, "a table as output", "--json, which alone has the maps");
  }
  refuse_idle_campaign_options(command, arguments.campaign);
  if (arguments.fit_per_mbit == 0) {
    refuse_idle(command, {"--residency"}, "no raw rate",
                "--fit-per-mbit, for it changes nothing else");
  }
  if (!arguments.residency.by_cycles) {
    refuse_idle(command, {"--schedule"}, "no --residency cycles",
                "--residency cycles, for it changes nothing else");
  }
}

void refuse_idle_options(const CLI::App& command, const InjectArguments& arguments,
                         const fault::FaultSpace& space, fault::Sampling sampling) {
  const auto any_tensor = [&](auto&& has) { return std::ranges::any_of(space.tensors(), has); };
  if (!tries_whole_faults(sampling)) {
    refuse_idle(command, {"--top", "--critical"}, "fresh faults for every image",
                "--faults N or all: that needs each fault on all images");
  }
  if (!any_tensor([](const fault::FaultTensor& t) { return t.parallel_outputs > 0; }) &&
      !arguments.residency.by_cycles) {
    refuse_idle(command, {"--parallel"}, "no faults of units",
                "--target mac_unit or multiplier_net (stuck), or --residency cycles");
  }
  const bool hits_activations = any_tensor(
      [](const fault::FaultTensor& t) { return t.target == fault::Target::kActivation; });
  if (!hits_activations) {
    refuse_idle(command, {"--include-input", "--residency"}, "no faults of activations",
                "--target activation, or several with it");
  }
  if (arguments.fit_per_mbit > 0) require_stored_bits(space);
}

}  // namespace deepaxe::cli
