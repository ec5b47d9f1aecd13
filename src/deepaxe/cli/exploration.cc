#include "deepaxe/cli/exploration.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/progress.h"

namespace deepaxe::cli {
namespace {

// One bar for each stage, made when its first count arrives.
class StageBars {
 public:
  explicit StageBars(bool quiet) : quiet_(quiet) {}

  void add(explore::Stage stage, std::uint64_t count, std::uint64_t total) {
    const std::scoped_lock lock(mutex_);
    if (!bar_ || stage != stage_) {
      const bool accuracy = stage == explore::Stage::kAccuracy;
      bar_.reset();
      bar_ = std::make_unique<base::Progress>(accuracy ? "accuracy" : "faults", total,
                                              accuracy ? "images x designs" : "designs", quiet_);
      stage_ = stage;
    }
    bar_->add(count);
  }

 private:
  std::mutex mutex_;
  bool quiet_;
  explore::Stage stage_ = explore::Stage::kAccuracy;
  std::unique_ptr<base::Progress> bar_;
};

}  // namespace

explore::ExploreStats run_exploration(const engine::Int8Engine& engine, const Work& work,
                                      explore::ExploreParams params, const CommonOptions& common) {
  params.program_version = DEEPAXE_VERSION;
  params.model_name = work.model_name;
  params.data_name = work.data_name;
  params.data_key = work.data_key;
  params.num_threads = common.threads;
  params.campaign.seed = static_cast<std::uint64_t>(common.seed);
  explore::ExploreStats stats;
  {
    StageBars bars(common.quiet);
    params.progress = [&bars](explore::Stage stage, std::uint64_t count, std::uint64_t total) {
      bars.add(stage, count, total);
    };
    try {
      stats = explore::explore(engine, work.codes, work.labels, params);
    } catch (const base::Interrupted&) {
      throw base::Interrupted("what is done is in " + params.study.string());
    }
  }
  for (const std::string& note : stats.notes) remark(common, "note: " + note);
  remark(common,
         fmt::format("{} assignments of multipliers ({} listed), {} points with their hardware: "
                     "{} assignments evaluated in {:.1f} s, {} injected with {} pairs in {:.1f} s, "
                     "{} points stopped by gates",
                     stats.designs, stats.listed, stats.points, stats.evaluated,
                     stats.accuracy_seconds, stats.injected, stats.pairs, stats.fault_seconds,
                     stats.gated));
  return stats;
}

}  // namespace deepaxe::cli
