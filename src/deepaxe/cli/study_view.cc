#include "deepaxe/cli/study_view.h"

#include <algorithm>
#include <utility>

#include "deepaxe/store/study.h"

namespace deepaxe::cli {

void add_objectives_option(CLI::App& command, std::vector<std::string>& names) {
  command
      .add_option("--objectives", names,
                  "What is minimised: accuracy_drop, sdc, vulnerability, cycles, resources "
                  "(default: accuracy_drop,sdc,cycles,resources)")
      ->delimiter(',')
      ->allow_extra_args(false);
}

std::vector<explore::Objective> objectives_or_default(const std::vector<std::string>& names,
                                                      bool with_faults) {
  std::vector<explore::Objective> objectives;
  objectives.reserve(names.size());
  for (const std::string& name : names) objectives.push_back(explore::parse_objective(name));
  if (!objectives.empty()) return objectives;
  objectives = explore::default_objectives();
  if (!with_faults) std::erase_if(objectives, explore::is_sampled);
  return objectives;
}

report::StudyTable load_study_table(const std::filesystem::path& path,
                                    const std::vector<std::string>& objectives) {
  const store::Study study = store::Study::open_existing(path);
  std::vector<store::PointRecord> points = study.points();
  const bool with_faults = std::any_of(points.begin(), points.end(),
                                       [](const auto& point) { return point.faults.has_value(); });
  const std::vector<std::string> names = objectives.empty() ? study.view().objectives : objectives;
  const store::View view =
      explore::compute_view(study.info(), points, objectives_or_default(names, with_faults));
  return report::make_table(study.info(), std::move(points), view);
}

}  // namespace deepaxe::cli
