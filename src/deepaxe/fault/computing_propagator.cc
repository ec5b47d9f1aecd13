// Differences through a convolution or dense layer: each changed input moves the accumulators of
// the windows that cover it by m(new, w) - m(old, w); only those that leave their slack are
// requantized.
#include <array>
#include <utility>
#include <variant>

#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/requantize_thresholds.h"
#include "deepaxe/fault/window_reach.h"

namespace deepaxe::fault {
namespace {

using kernel::ComputingLayer;
using kernel::ConvGeometry;

// Above this many changed inputs a sum of differences, each below 2^16, might pass 31 bits.
constexpr std::size_t kMaxChanged = 16'384;
// A sparse product costs about this many products of the engine's kernels.
constexpr std::size_t kSparseCost = 3;

// Weights as [kernel_h][kernel_w][in_c][out_c / groups]: what one input element meets is
// contiguous.
std::vector<std::int8_t> by_input(const ComputingLayer& layer) {
  const ConvGeometry& g = layer.geometry;
  const auto in_per_group = static_cast<std::size_t>(g.in_c / g.groups);
  const auto out_per_group = static_cast<std::size_t>(g.out_c / g.groups);
  const auto in_c = static_cast<std::size_t>(g.in_c);
  const std::size_t taps =
      static_cast<std::size_t>(g.kernel_h) * static_cast<std::size_t>(g.kernel_w);
  std::vector<std::int8_t> result(taps * in_c * out_per_group);
  for (std::size_t o = 0; o < static_cast<std::size_t>(g.out_c); ++o) {
    const std::size_t group = o / out_per_group;
    for (std::size_t tap = 0; tap < taps; ++tap) {
      for (std::size_t i = 0; i < in_per_group; ++i) {
        const std::size_t input = group * in_per_group + i;
        result[(tap * in_c + input) * out_per_group + o % out_per_group] =
            layer.weights[(o * taps + tap) * in_per_group + i];
      }
    }
  }
  return result;
}

WindowReach reach_of_rows(const ConvGeometry& g) {
  return WindowReach({g.in_h, g.out_h, g.kernel_h, g.stride_h, g.dilation_h, g.pad_top});
}
WindowReach reach_of_columns(const ConvGeometry& g) {
  return WindowReach({g.in_w, g.out_w, g.kernel_w, g.stride_w, g.dilation_w, g.pad_left});
}

class ComputingPropagator final : public Propagator {
 public:
  explicit ComputingPropagator(NodeContext context)
      : context_(std::move(context)),
        layer_(context_.engine->computing_layer(context_.node)),
        weights_(by_input(layer_)),
        rows_(reach_of_rows(layer_.geometry)),
        columns_(reach_of_columns(layer_.geometry)),
        thresholds_(layer_),
        dense_(make_dense_propagator(context_)),
        out_per_group_(static_cast<std::size_t>(layer_.geometry.out_c / layer_.geometry.groups)) {}

  void propagate(ImageState& state) const override {
    const TensorState& input = state.tensors[static_cast<std::size_t>(context_.roots.front())];
    const std::size_t num_changed = input.changed.size();
    if (num_changed > kMaxChanged || num_changed * kSparseCost > input.golden.size()) {
      dense_->propagate(state);
      return;
    }
    prepare(state);
    for (const std::uint32_t element : input.changed) spread(element, input, state);
    collect(state);
  }

 private:
  void prepare(ImageState& state) const;
  void fill_slacks(ImageState& state) const;
  void spread(std::uint32_t element, const TensorState& input, ImageState& state) const;
  template <typename Step>
  void spread_steps(std::size_t y, std::size_t x, std::size_t c, const Step& step,
                    ImageState& state) const;
  void collect(ImageState& state) const;

  NodeContext context_;
  const ComputingLayer& layer_;
  std::vector<std::int8_t> weights_;
  WindowReach rows_, columns_;
  RequantizeThresholds thresholds_;
  std::unique_ptr<Propagator> dense_;
  std::size_t out_per_group_;
};

void ComputingPropagator::fill_slacks(ImageState& state) const {
  AccumulatorState& accumulators = state.accumulators[static_cast<std::size_t>(context_.node)];
  const TensorState& input = state.tensors[static_cast<std::size_t>(context_.roots.front())];
  const std::vector<std::int8_t>& codes =
      state.tensors[static_cast<std::size_t>(context_.node)].golden;
  if (!accumulators.has_sums) {
    accumulators.sums.resize(codes.size());
    context_.engine->accumulate_node(context_.node, input.golden.data(), context_.multipliers,
                                     accumulators.sums.data());
    accumulators.has_sums = true;
  }
  accumulators.slacks.resize(codes.size());
  const auto channels = static_cast<std::size_t>(layer_.geometry.out_c);
  for (std::size_t first = 0; first < codes.size(); first += channels) {
    for (std::size_t o = 0; o < channels; ++o) {
      accumulators.slacks[first + o] =
          thresholds_.slack(o, accumulators.sums[first + o], codes[first + o]);
    }
  }
  accumulators.has_slacks = true;
}

void ComputingPropagator::prepare(ImageState& state) const {
  if (!state.accumulators[static_cast<std::size_t>(context_.node)].has_slacks) fill_slacks(state);
  const std::size_t size = layer_.geometry.out_size();
  if (state.deltas.size() < size) state.deltas.resize(size);
  state.marks.resize_at_least(size);
  state.marks.clear();
  state.touched.clear();
}

// step(channel, weight) is by how much the product with `weight` changes. A block is the outputs
// of one position and group; its first difference is stored, later ones are added.
template <typename Step>
void ComputingPropagator::spread_steps(std::size_t y, std::size_t x, std::size_t c,
                                       const Step& step, ImageState& state) const {
  const ConvGeometry& g = layer_.geometry;
  const auto groups = static_cast<std::size_t>(g.groups);
  const std::size_t group = c / static_cast<std::size_t>(g.in_c / g.groups);
  const std::size_t first_channel = group * out_per_group_;
  for (const Tap row : rows_.taps(y)) {
    for (const Tap column : columns_.taps(x)) {
      const auto tap = static_cast<std::size_t>(row.kernel * g.kernel_w + column.kernel);
      const std::int8_t* weights =
          &weights_[(tap * static_cast<std::size_t>(g.in_c) + c) * out_per_group_];
      const auto block =
          static_cast<std::size_t>(row.output * g.out_w + column.output) * groups + group;
      std::int32_t* deltas = &state.deltas[block * out_per_group_];
      if (state.marks.mark(block)) {
        state.touched.push_back(static_cast<std::uint32_t>(block));
        for (std::size_t o = 0; o < out_per_group_; ++o) {
          deltas[o] = step(first_channel + o, weights[o]);
        }
      } else {
        for (std::size_t o = 0; o < out_per_group_; ++o) {
          deltas[o] += step(first_channel + o, weights[o]);
        }
      }
    }
  }
}

void ComputingPropagator::spread(std::uint32_t element, const TensorState& input,
                                 ImageState& state) const {
  const auto in_c = static_cast<std::size_t>(layer_.geometry.in_c);
  const auto in_w = static_cast<std::size_t>(layer_.geometry.in_w);
  const std::size_t c = element % in_c, x = element / in_c % in_w, y = element / in_c / in_w;
  const std::int8_t before = input.golden[element], after = input.faulty[element];
  if (context_.multipliers.size() > 1) {
    spread_steps(
        y, x, c,
        [&](std::size_t channel, std::int8_t w) {
          const arith::Multiplier& multiplier = *context_.multipliers[channel];
          return std::int32_t{multiplier(after, w)} - multiplier(before, w);
        },
        state);
    return;
  }
  const arith::Multiplier& multiplier = *context_.multipliers.front();
  if (multiplier.is_exact()) {
    const std::int32_t difference = after - before;
    spread_steps(
        y, x, c, [=](std::size_t, std::int8_t w) { return difference * w; }, state);
    return;
  }
  const std::int16_t* row_before = multiplier.row(before);
  const std::int16_t* row_after = multiplier.row(after);
  spread_steps(
      y, x, c,
      [=](std::size_t, std::int8_t w) {
        const auto bits = static_cast<std::uint8_t>(w);
        return std::int32_t{row_after[bits]} - row_before[bits];
      },
      state);
}

void ComputingPropagator::collect(ImageState& state) const {
  const AccumulatorState& accumulators =
      state.accumulators[static_cast<std::size_t>(context_.node)];
  TensorState& output = state.tensors[static_cast<std::size_t>(context_.node)];
  const auto channels = static_cast<std::size_t>(layer_.geometry.out_c);
  for (const std::uint32_t block : state.touched) {
    const std::size_t first = block * out_per_group_;
    const std::size_t first_channel = first % channels;
    for (std::size_t o = 0; o < out_per_group_; ++o) {
      const std::int32_t delta = state.deltas[first + o];
      const Slack slack = accumulators.slacks[first + o];
      if (delta >= slack.low && delta <= slack.high) continue;
      const auto sum = static_cast<std::int32_t>(  // Modulo 2^32, as the kernels.
          static_cast<std::uint32_t>(accumulators.sums[first + o]) +
          static_cast<std::uint32_t>(delta));
      const std::int8_t code =
          quant::requantize_to_code(sum, layer_.scales[first_channel + o], layer_.rounding,
                                    layer_.out_zero_point, layer_.clamp_low, layer_.clamp_high);
      if (code == output.golden[first + o]) continue;  // Only where the sum wrapped around.
      output.set(static_cast<std::uint32_t>(first + o), code);
    }
  }
}

}  // namespace

std::unique_ptr<Propagator> make_computing_propagator(const NodeContext& context) {
  if (!model::is_computing(context.graph_node().op)) return nullptr;
  return std::make_unique<ComputingPropagator>(context);
}

}  // namespace deepaxe::fault
