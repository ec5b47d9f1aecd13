// Explorer: from a model, images and multipliers to a study with accuracy, cost, faults and front.
// Source of the flow: Taheri et al., "DeepAxe", ISQED 2023, figure 2.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/design_space.h"
#include "deepaxe/explore/gates.h"
#include "deepaxe/explore/pareto_view.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/resource_source.h"
#include "deepaxe/store/study.h"

namespace deepaxe::explore {

/// What a progress count counts.
enum class Stage {
  kAccuracy,  ///< (image, design) pairs.
  kFaults,    ///< Designs injected.
};

struct ExploreParams {
  std::filesystem::path study;  ///< Made if absent, continued if it is of the same model and data.
  DesignSpaceParams space;
  Gates gates;
  bool inject = true;              ///< false: sampled objectives are left out of the view.
  fault::CampaignParams campaign;  ///< Its num_threads and progress are not used.
  /// Every design is one point for each of these, of one cycle model and part; not empty. Those
  /// that differ in the baseline alone are one for a design without exact layers. Accuracy and
  /// faults are measured once for all of them.
  std::vector<hw::cost::HardwareParams> hardware = {{}};
  /// Of the resources, one for each of `hardware` with its outputs; empty or null: closed forms.
  std::vector<std::shared_ptr<const hw::cost::ResourceSource>> resources = {};
  std::vector<Objective> objectives;  ///< Empty: the default ones.

  std::string program_version;
  std::string model_name;  ///< Empty: the model's own.
  std::string data_name;
  std::string data_key;  ///< Of the data set; the study's also covers the codes and labels given.

  int num_threads = 0;
  /// Designs whose accuracies are committed together: at most this many, and as many as take about
  /// `commit_seconds`, so that a kill loses no more. No result depends on either.
  std::size_t max_designs_per_commit = 4096;
  double commit_seconds = 4;
  /// `count` more of `total`; from any thread; may be empty.
  std::function<void(Stage, std::uint64_t count, std::uint64_t total)> progress;
  std::function<void()> on_open;    ///< Once the study is open, before any work. May be empty.
  std::function<void()> on_commit;  ///< After every commit to the study; for tests. May be empty.
};

struct ExploreStats {
  std::uint64_t listed = 0;     ///< Designs before equal products were merged.
  std::uint64_t designs = 0;    ///< Distinct ones.
  std::uint64_t points = 0;     ///< Designs x hardware, distinct ones.
  std::uint64_t evaluated = 0;  ///< Now; the others were in the study.
  std::uint64_t injected = 0;   ///< Now.
  std::uint64_t pairs = 0;      ///< (fault, image) pairs tried now.
  std::uint64_t gated = 0;      ///< Points of the space, by any gate.
  std::uint64_t on_front = 0;   ///< Of the study.
  double accuracy_seconds = 0;
  double fault_seconds = 0;
  std::vector<std::string> notes;  ///< Merged multipliers, latency law not defined...
};

/// Runs what the study does not have yet: accuracy and cost of all designs, gates, faults of those
/// that pass (the same faults for all), the Pareto view. Polls base::check_interrupt; what is done
/// stays, and the next call continues: the study then equals that of one uninterrupted call but for
/// FaultRecord::seconds. A study may grow by other hardware and other designs. images [n, input
/// size] in codes, labels [n], n > 0. Throws base::InputError for a study of another model, data or
/// options, one that cannot be written, and for more than DesignSpace::kMaxDesigns points.
ExploreStats explore(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                     std::span<const int> labels, const ExploreParams& params);

}  // namespace deepaxe::explore
