#include "deepaxe/cli/fault_target_options.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::cli {
namespace {

using fault::Effect;
using fault::Target;

template <typename T>
void add_once(std::vector<T>& values, T value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

std::vector<Target> parse_targets(const std::string& text) {
  std::vector<Target> targets;
  for (const std::string_view item : base::split_items(text)) {
    if (item == "requantization") {
      add_once(targets, Target::kRequantMantissa);
      add_once(targets, Target::kRequantShift);
    } else if (item == "memory") {
      for (const Target target : {Target::kActivation, Target::kWeight, Target::kBias,
                                  Target::kRequantMantissa, Target::kRequantShift}) {
        add_once(targets, target);
      }
    } else if (const auto target = fault::parse_target(item)) {
      add_once(targets, *target);
    } else {
      throw base::InputError(
          {"--target", "", "'" + std::string(item) + "'",
           "activation, weight, bias, accumulator, requantization, memory (all that is stored), "
           "mac_unit or multiplier_net, separated by commas"});
    }
  }
  return targets;
}

bool is_arithmetic(Target target) {
  return target == Target::kMacUnit || target == Target::kMultiplierNet;
}

std::vector<Effect> parse_effects(const std::string& text, const std::vector<Target>& targets) {
  if (text.empty()) {
    if (std::all_of(targets.begin(), targets.end(), is_arithmetic)) {
      return {Effect::kStuckAt0, Effect::kStuckAt1};
    }
    return {Effect::kFlip};
  }
  std::vector<Effect> effects;
  for (const std::string_view item : base::split_items(text)) {
    const auto effect = fault::parse_effect(item);
    if (!effect) {
      throw base::InputError({"--effect", "", "'" + std::string(item) + "'",
                              "flip, flip_two, stuck_at_0 or stuck_at_1, separated by commas"});
    }
    add_once(effects, *effect);
  }
  return effects;
}

}  // namespace

void add_fault_target_options(CLI::App& command, FaultTargetArguments& a) {
  command
      .add_option("--target", a.targets,
                  "What is hit: activation, weight, bias, accumulator, requantization, memory (all "
                  "that is stored), mac_unit (a product register), multiplier_net; or several, "
                  "separated by commas")
      ->capture_default_str();
  command.add_option("--effect", a.effects,
                     "flip, flip_two (two adjacent bits), stuck_at_0, stuck_at_1, or several; "
                     "default flip, for mac_unit and multiplier_net alone stuck_at_0,stuck_at_1. A "
                     "flipped net is a transient of one product");
  command
      .add_option("--parallel", a.parallel_outputs,
                  "mac_unit, multiplier_net, --residency cycles: multipliers of a layer; unit u "
                  "computes the channels o with o mod N = u")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{65'536}))
      ->capture_default_str();
  CLI::Option* list = command.add_option("--fault-list", a.list,
                                         "CSV of faults (target,effect,layer,position,bit, and "
                                         "parallel,circuit of units and nets, as --csv writes), "
                                         "each tried on all images");
  for (const char* other :
       {"--target", "--effect", "--faults", "--protocol", "--pairs", "--sdc-margin",
        "--vulnerability-margin", "--margin", "--include-input", "--fit-per-mbit"}) {
    list->excludes(other);
  }
}

fault::FaultSpaceParams to_space_params(const FaultTargetArguments& arguments) {
  fault::FaultSpaceParams params;
  params.parallel_outputs = static_cast<int>(arguments.parallel_outputs);
  params.targets = parse_targets(arguments.targets);
  params.effects = parse_effects(arguments.effects, params.targets);
  for (const Target target : params.targets) {
    if (std::ranges::any_of(params.effects,
                            [&](Effect effect) { return fault::is_defined(target, effect); })) {
      continue;
    }
    throw base::InputError({"--effect", "",
                            "no effect that " + std::string(fault::to_string(target)) + " has",
                            target == Target::kMacUnit ? "stuck_at_0 or stuck_at_1"
                                                       : "flip, stuck_at_0 or stuck_at_1"});
  }
  for (const Effect effect : params.effects) {
    if (std::ranges::any_of(params.targets,
                            [&](Target target) { return fault::is_defined(target, effect); })) {
      continue;
    }
    throw base::InputError({"--effect", "", std::string(fault::to_string(effect)),
                            "an effect that --target " + arguments.targets + " has"});
  }
  return params;
}

}  // namespace deepaxe::cli
