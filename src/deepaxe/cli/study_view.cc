#include "deepaxe/cli/study_view.h"

#include <algorithm>
#include <utility>

#include "deepaxe/store/study.h"

namespace deepaxe::cli {

void add_objectives_option(CLI::App& command, std::vector<std::string>& names) {
  command
      .add_option("--objectives", names,
                  "What is minimised: accuracy_drop, sdc, vulnerability, cycles, resources, dsp, "
                  "bram, energy "
                  "(default: accuracy_drop,sdc,cycles,resources; dsp too for several baselines, "
                  "bram for several memories, schedules or weight memories)")
      ->delimiter(',')
      ->allow_extra_args(false);
}

std::vector<explore::Objective> parse_objectives(const std::vector<std::string>& names) {
  std::vector<explore::Objective> objectives;
  objectives.reserve(names.size());
  for (const std::string& name : names) objectives.push_back(explore::parse_objective(name));
  return objectives;
}

report::StudyTable load_study_table(const std::filesystem::path& path,
                                    const std::vector<std::string>& objectives) {
  const store::Study study = store::Study::open_existing(path);
  std::vector<store::PointRecord> points = study.points();
  const bool with_faults = std::any_of(points.begin(), points.end(),
                                       [](const auto& point) { return point.faults.has_value(); });
  const std::vector<std::string> names = objectives.empty() ? study.view().objectives : objectives;
  std::vector<explore::Objective> chosen = parse_objectives(names);
  if (chosen.empty()) {
    chosen = explore::default_objectives(points);
    if (!with_faults) std::erase_if(chosen, explore::is_sampled);
  }
  const store::View view = explore::compute_view(study.info(), points, chosen);
  return report::make_table(study.info(), std::move(points), view);
}

}  // namespace deepaxe::cli
