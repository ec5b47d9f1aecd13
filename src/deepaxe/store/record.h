// Records of a study: plain values, known to the explorer that writes them and the report that
// reads them; no engine or fault types.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deepaxe::store {

/// A node of the network but the input, in graph order.
struct LayerInfo {
  std::string name;
  std::string kind;            ///< "conv2d", "max_pool"...
  bool computing = false;      ///< Multiplies, hence can be approximated.
  bool stores_tensor = false;  ///< Has a character in masks.
  std::int64_t elements = 0;   ///< Of its output, one image.
  std::int64_t macs = 0;       ///< Per image; 0 unless computing.

  bool operator==(const LayerInfo&) const = default;
};

/// A tensor of the fault space; its faults are elements * 8.
struct TensorInfo {
  std::string name;
  std::int64_t elements = 0;

  bool operator==(const TensorInfo&) const = default;
};

/// What a point fixes besides its multipliers and what exact ones are made of.
struct Hardware {
  std::vector<int> outputs = {};                ///< In parallel, by computing layer.
  std::string memory = {};                      ///< "block", "distributed".
  std::string schedule = {};                    ///< "sequential", "pipelined".
  std::vector<std::string> weight_memory = {};  ///< "rom", "external", by computing layer.

  auto operator<=>(const Hardware&) const = default;
};

/// The exact design on another baseline with the hardware of some point, by the study's source:
/// what approximate designs must beat.
struct ReferenceCost {
  std::string baseline;  ///< "native", "dsp"
  double lut = 0, ff = 0, dsp = 0, bram = 0;
  double utilization_fraction = 0;
  Hardware hardware = {};
  std::int64_t cycles = 0;  ///< As CostRecord::cycles.

  double resources() const noexcept { return ff + lut; }
  bool operator==(const ReferenceCost&) const = default;
};

/// What all points of a study have in common. Everything that can change a result is in model_key,
/// data_key, num_images, seed, options and hardware_models: a study with others is another study.
struct StudyInfo {
  std::string program_version;
  std::string model_name;
  std::string model_key;  ///< Content key of the int8 model.
  std::string data_name;
  std::string data_key;  ///< Content key of image codes and labels.
  std::int64_t num_images = 0;
  std::uint64_t seed = 0;
  std::string options;  ///< Canonical JSON object: sampling, budget, targets, cycle model, part...
  std::string hardware_models;  ///< Versions of what the cost figures are made by; empty: not said.
  std::string cost_source;      ///< Where the cost figures come from, for the reader.
  /// Two for each hardware, `native` before `dsp`; in the order of Hardware.
  std::vector<ReferenceCost> references;
  std::vector<LayerInfo> layers;
  std::vector<TensorInfo> tensors;  ///< Empty where faults are off.
  std::string exact_key;            ///< PointRecord::measurement with every layer exact.

  bool operator==(const StudyInfo&) const = default;
};

/// Images of each class that strata tell apart (`image_class_sizes` of the options): one class
/// where the options name none. Throws InputError if they do not add up to num_images.
std::vector<std::int64_t> image_class_sizes(const StudyInfo& info);

/// CostRecord::baseline of a design without exact layers: the same hardware on every baseline.
inline constexpr const char* kNoBaseline = "none";

/// Figures of one design; cycles for one image.
struct CostRecord {
  std::int64_t cycles = 0;         ///< The figure compared: by the study's one cycle model.
  std::string cycles_source;       ///< Which that is, and where it is from.
  std::int64_t cycles_engine = 0;  ///< Of an image alone in the engine, always.
  double lut = 0, ff = 0, dsp = 0, bram = 0;
  double utilization_fraction = 0;  ///< (FF + LUT) / those of the device, in [0, 1].
  std::string baseline;             ///< "dsp", "native", "gate", or kNoBaseline.
  std::string source;
  std::optional<double> energy_nj;  ///< Of one image; estimate, nothing where it is undefined.
  std::optional<double> max_mhz;    ///< Estimate by logic depth.

  double resources() const noexcept { return ff + lut; }
  bool operator==(const CostRecord&) const = default;
};

/// Outcomes of one (fault, image), in the order of every counts array.
enum class Outcome : std::uint8_t {
  kMasked,
  kChangedSameClass,
  kHarmful,
  kBeneficial,
  kNeutral,
  kDetected,
  kCorrected,
  kHang,
};
inline constexpr std::size_t kNumOutcomes = 8;
using OutcomeCounts = std::array<std::int64_t, kNumOutcomes>;

/// "masked", "changed, same class"...: for tables and legends.
const char* outcome_name(Outcome outcome) noexcept;

/// A pair whose class changed.
struct ClassChange {
  std::uint64_t pair = 0;
  Outcome outcome = Outcome::kHarmful;

  bool operator==(const ClassChange&) const = default;
};

/// A fault campaign of one design.
struct FaultRecord {
  OutcomeCounts counts{};            ///< counts[outcome]
  std::int64_t pairs = 0;            ///< (fault, image) pairs tried: the sum of counts.
  std::uint64_t faults = 0;          ///< Faults drawn.
  double sdc_rate = 0;               ///< Estimates over the whole fault space, fractions; not
  double vulnerability = 0;          ///< those of the counts where strata were sampled unevenly.
  double sdc_low = 0, sdc_high = 0;  ///< 95 % intervals, fractions.
  double vulnerability_low = 0, vulnerability_high = 0;
  std::string method;       ///< How the intervals were made.
  std::string stop_reason;  ///< Why the campaign ended.
  std::int64_t rechecked = 0;
  double seconds = 0;                ///< The only field that differs between equal campaigns.
  std::vector<ClassChange> changes;  ///< Ascending by pair.
  /// [(t * 8 + bit) * K + class], t in StudyInfo::tensors, K the number of image_class_sizes.
  std::vector<OutcomeCounts> by_tensor_bit;

  std::int64_t count(Outcome outcome) const noexcept {
    return counts[static_cast<std::size_t>(outcome)];
  }
  std::int64_t sdc() const noexcept;  ///< Harmful + beneficial + neutral.
  bool operator==(const FaultRecord&) const = default;
};

enum class PointStatus : std::uint8_t {
  kEvaluated,  ///< Accuracy and cost known, no faults (yet).
  kGated,      ///< A gate rejected it; `gate` says which. Faults only if done before it did.
  kInjected,   ///< Faults done, no gate failed.
};

const char* status_name(PointStatus status) noexcept;  ///< "evaluated", "gated", "injected"

/// One design point.
struct PointRecord {
  std::string key;  ///< Content key: the measurement and the hardware below.
  /// Content key of what is measured: study and multiplier identities of all layers. Points that
  /// share it differ in hardware alone, and have the same accuracy and the same faults.
  std::string measurement;
  std::string assignment;            ///< "exact", "1KVP@1-1-111", "conv1=1KVP,dense3=1KV9".
  std::string mask;                  ///< "1-1-111"
  std::string multiplier;            ///< "exact", "1KVP", or "mixed" where two or more are used.
  std::vector<std::string> aliases;  ///< Other assignments with the same products, sorted.
  PointStatus status = PointStatus::kEvaluated;
  std::string gate;       ///< "max_drop", "max_cycles", "max_utilization", "max_vulnerability", or
                          ///< "part_lut", "part_ff", "part_dsp", "part_bram": infeasible.
  double gate_value = 0;  ///< What the gate saw, and
  double gate_limit = 0;  ///< what it allowed; fractions, or cycles.
  std::int64_t correct = 0;
  std::int64_t images = 0;
  Hardware hardware;  ///< The baseline is in `cost`.
  CostRecord cost;
  std::optional<FaultRecord> faults;

  double accuracy() const noexcept;  ///< correct / images
  bool operator==(const PointRecord&) const = default;
};

/// A point's place among the others for the objectives of the view.
struct ViewPoint {
  std::string key;
  bool on_front = false;
  std::string dominated_by;  ///< Key of one point that dominates it; empty on the front.
  /// Keys of front points of other measurements that a sampled axis cannot tell from it. Where
  /// dominated_by is among them, only the other axes decided: more pairs could put the point on the
  /// front.
  std::vector<std::string> tied_with;

  bool operator==(const ViewPoint&) const = default;
};

/// The Pareto set of a study for some objectives. Gated points, and points without faults where
/// an objective needs them, are not in it.
struct View {
  std::vector<std::string> objectives;  ///< "accuracy_drop", "sdc", "vulnerability", "cycles",
                                        ///< "resources", "energy"...; all minimised.
  std::vector<ViewPoint> points;        ///< In the order of Study::points().

  bool operator==(const View&) const = default;
};

}  // namespace deepaxe::store
