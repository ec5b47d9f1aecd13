#include "deepaxe/fault/carrying_costs.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "deepaxe/base/cache_line.h"
#include "deepaxe/fault/difference_loops.h"

namespace deepaxe::fault {
namespace {

// The sparse way in units of one processor (AVX-512, 2.6 GHz): nanoseconds there, and about the
// same multiple of them on any other one.
constexpr double kPerInput = 4, kPerWindow = 20;
constexpr double kPerRow = 2, kPerProduct = 0.03, kPerLookUp = 1;
constexpr double kPerCode = 0.4;
// Of finding what differs, pooling it and finding what differs then.
constexpr double kPerPool = 200, kPerPooledCode = 1;

template <typename Run>
double nanoseconds_of(const Run& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
  return taken.count();
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// What the weights of all layers take as one layer's multiplier wants them, in bytes: between two
// runs of the layer they pass through the caches.
std::size_t size_of_all_weights(const ComputingNode& node, std::size_t num_planes) {
  constexpr std::size_t kMost = std::size_t{8} << 20;  // Leaves nothing in a cache of a core.
  std::size_t size = 0;
  for (const model::Int8Node& other : node.context().engine->model().nodes) {
    size += other.weights.size();
  }
  return std::min(size * std::max<std::size_t>(num_planes, 1), kMost);
}

// Runs of a layer, as the ways do them, on memory of their own.
class Trial {
 public:
  Trial(const ComputingNode& node, const InputReach& reach)
      : node_(node),
        has_bytes_(reach.has_bytes()),
        channels_(static_cast<std::size_t>(node.layer().geometry.out_c)),
        input_(node.layer().geometry.in_size()),
        output_(node.layer().geometry.out_size()),
        rows_(kRows * channels_),
        byte_rows_(kRows * channels_),
        sums_(channels_),
        steps_(kRows, 3),
        byte_steps_(kRows, 3),
        all_weights_(size_of_all_weights(node, reach.num_planes())) {
    for (std::size_t i = 0; i < input_.size(); ++i) input_[i] = static_cast<std::int8_t>(i * 7);
    for (std::size_t r = 0; r < kRows; ++r) {
      offsets_.push_back(static_cast<std::uint32_t>(r * channels_));
    }
  }

  std::size_t num_positions() const { return output_.size() / channels_; }

  // As the other layers do it.
  void pass_weights() {
    for (std::size_t i = 0; i < all_weights_.size(); i += base::kCacheLineBytes) ++all_weights_[i];
  }
  void run_whole() {
    const std::vector<const std::int8_t*> inputs = {input_.data()};
    const NodeContext& context = node_.context();
    context.engine->run_node(context.node, 1, inputs, context.multipliers, output_.data());
  }
  void run_windows(const WindowRun& windows, std::size_t count) {
    positions_.resize(count);
    std::iota(positions_.begin(), positions_.end(), 0U);
    windows.convolve(input_.data(), positions_, output_.data());
  }
  // Some hundred rows as the layer has them where many inputs change, of bytes or of products: they
  // tell this processor's nanoseconds from the units above.
  void add_rows() {
    const DifferenceLoops& loops = difference_loops(kernel::active_isa());
    for (int repeat = 0; repeat < kRepeats; ++repeat) {
      if (has_bytes_) {
        loops.add_byte_rows({byte_rows_.data(), offsets_.data(), byte_steps_.data(), kRows},
                            sums_.data(), sums_.data(), channels_);
      } else {
        loops.add_rows({rows_.data(), offsets_.data(), steps_.data(), kRows}, sums_.data(),
                       sums_.data(), channels_);
      }
    }
  }
  double units_of_add_rows() const {
    constexpr double kPerCall = 6;
    return kRepeats * (kPerCall + kRows * (kPerRow + kPerProduct * static_cast<double>(channels_)));
  }

 private:
  static constexpr std::size_t kRows = 8;
  static_assert(kRows % kRowsAtOnce == 0);
  static constexpr int kRepeats = 16;
  const ComputingNode& node_;
  bool has_bytes_;
  std::size_t channels_;
  std::vector<std::int8_t> input_, output_;
  std::vector<std::uint32_t> positions_;
  std::vector<std::int16_t> rows_;
  std::vector<std::uint8_t> byte_rows_;
  std::vector<std::int32_t> sums_;
  std::vector<std::int16_t> steps_;
  std::vector<std::int8_t> byte_steps_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint8_t> all_weights_;
};

}  // namespace

CarryingCosts::CarryingCosts(const ComputingNode& node, const InputReach& reach,
                             const WindowRun* windows, bool is_pooled) {
  constexpr int kRounds = 7;
  Trial trial(node, reach);
  const std::size_t few = std::min<std::size_t>(trial.num_positions(), 2);
  const std::size_t many = std::min<std::size_t>(trial.num_positions(), 32);
  std::vector<double> whole, of_few, of_many;
  for (int round = 0; round < kRounds; ++round) {
    const double unit = nanoseconds_of([&] { trial.add_rows(); }) / trial.units_of_add_rows();
    trial.pass_weights();
    whole.push_back(nanoseconds_of([&] { trial.run_whole(); }) / unit);
    if (windows == nullptr) continue;
    trial.pass_weights();
    of_few.push_back(nanoseconds_of([&] { trial.run_windows(*windows, few); }) / unit);
    trial.pass_weights();
    of_many.push_back(nanoseconds_of([&] { trial.run_windows(*windows, many); }) / unit);
  }
  whole_ = median_of(whole);
  if (windows != nullptr) {
    const auto apart = static_cast<double>(std::max<std::size_t>(many - few, 1));
    windows_per_position_ = std::max(0.0, median_of(of_many) - median_of(of_few)) / apart;
    windows_fixed_ =
        std::max(0.0, median_of(of_few) - windows_per_position_ * static_cast<double>(few));
  }
  if (is_pooled) {
    windows_fixed_ += kPerPool;
    windows_per_position_ += kPerPooledCode * node.layer().geometry.out_c;
  }
  estimate_sparse(node, reach);
}

void CarryingCosts::estimate_sparse(const ComputingNode& node, const InputReach& reach) {
  const kernel::ConvGeometry& g = node.layer().geometry;
  const double channels = g.out_c;
  const std::optional<ProductTerms>& terms = reach.terms();
  const double rows = terms ? terms->mean_changes() * (kPerRow + kPerProduct * channels)
                            : 2 * kPerRow + 2 * kPerLookUp * channels;
  const double windows = std::min<double>(
      g.out_h * g.out_w, static_cast<double>(g.kernel_h) * g.kernel_w / g.stride_h / g.stride_w);
  sparse_per_input_ = kPerInput * static_cast<double>(reach.num_planes()) + windows * rows;
  sparse_per_window_ = kPerWindow;
  sparse_per_position_ = kPerCode * channels;
}

}  // namespace deepaxe::fault
