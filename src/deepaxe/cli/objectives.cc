#include "deepaxe/cli/objectives.h"

#include <algorithm>

namespace deepaxe::cli {

void add_objectives_option(CLI::App& command, std::vector<std::string>& names) {
  command
      .add_option("--objectives", names,
                  "What is minimised: accuracy_drop, sdc, vulnerability, cycles, resources "
                  "(default: accuracy_drop,sdc,cycles,resources)")
      ->delimiter(',');
}

std::vector<explore::Objective> objectives_or_default(const std::vector<std::string>& names,
                                                      bool with_faults) {
  std::vector<explore::Objective> objectives;
  for (const std::string& name : names) objectives.push_back(explore::parse_objective(name));
  if (!objectives.empty()) return objectives;
  objectives = explore::default_objectives();
  if (!with_faults) std::erase_if(objectives, explore::is_sampled);
  return objectives;
}

std::vector<explore::Objective> objectives_or_default(const std::vector<std::string>& names,
                                                      std::span<const store::PointRecord> points) {
  const bool with_faults = std::any_of(points.begin(), points.end(),
                                       [](const auto& point) { return point.faults.has_value(); });
  return objectives_or_default(names, with_faults);
}

}  // namespace deepaxe::cli
