// Differences through a convolution in groups: few outputs see an input, so each is looked at by
// itself; only those whose sums leave their slack are requantized.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/input_reach.h"
#include "deepaxe/fault/propagator.h"

namespace deepaxe::fault {
namespace {

using kernel::ComputingLayer;
using kernel::ConvGeometry;

// Above this many changed inputs a sum of differences, each below 2^16, might pass 31 bits.
constexpr std::size_t kMaxChanged = 16'384;
// How many products of the engine's kernels one product here costs. With many positions those
// kernels prepare rows of products and reach some 20 a nanosecond; with one they look each up too.
std::size_t sparse_cost(const ConvGeometry& geometry, const std::optional<ProductTerms>& terms) {
  const std::size_t own = terms ? std::max<std::size_t>(terms->size(), 1) : 4;
  return geometry.out_h * geometry.out_w > 1 ? 4 * own : 1 + own / 2;
}

class GroupedPropagator final : public Propagator {
 public:
  GroupedPropagator(std::shared_ptr<const ComputingNode> node,
                    std::shared_ptr<const InputReach> reach)
      : node_(std::move(node)),
        reach_(std::move(reach)),
        context_(node_->context()),
        layer_(node_->layer()),
        dense_(make_dense_propagator(context_)),
        sparse_cost_(sparse_cost(layer_.geometry, reach_->terms())),
        out_per_group_(static_cast<std::size_t>(layer_.geometry.out_c / layer_.geometry.groups)) {}

  void propagate(ImageState& state) const override {
    const TensorState& input = node_->input(state);
    const std::size_t num_changed = input.changed.size();
    if (num_changed > kMaxChanged || num_changed * sparse_cost_ > input.golden.size()) {
      dense_->propagate(state);
      return;
    }
    prepare(state);
    for (const std::uint32_t element : input.changed) {
      if (reach_->terms()) {
        spread_terms(*reach_->terms(), element, input, state);
      } else {
        spread_products(element, input, state);
      }
    }
    collect(state);
  }

 private:
  void prepare(ImageState& state) const;
  void spread_terms(const ProductTerms& terms, std::uint32_t element, const TensorState& input,
                    ImageState& state) const;
  void spread_products(std::uint32_t element, const TensorState& input, ImageState& state) const;
  template <typename Add>
  void for_each_block(std::uint32_t element, ImageState& state, const Add& add) const;
  void collect(ImageState& state) const;

  std::shared_ptr<const ComputingNode> node_;
  std::shared_ptr<const InputReach> reach_;
  const NodeContext& context_;
  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  const ComputingLayer& layer_;
  std::unique_ptr<Propagator> dense_;
  std::size_t sparse_cost_;
  std::size_t out_per_group_;
};

void GroupedPropagator::prepare(ImageState& state) const {
  node_->accumulators(state);
  const std::size_t size = layer_.geometry.out_size();
  resize_at_least(state.deltas, size);
  state.marks.resize_at_least(size);
  state.marks.clear();
  state.touched.clear();
}

// A block is the outputs of one position and group. Calls add(deltas, planes, first channel, is
// first) for each block whose window covers the element; at the first time the deltas are unset.
template <typename Add>
void GroupedPropagator::for_each_block(std::uint32_t element, ImageState& state,
                                       const Add& add) const {
  const ConvGeometry& g = layer_.geometry;
  const auto in_c = static_cast<std::uint32_t>(g.in_c);
  const std::uint32_t c = element % in_c;
  const auto groups = static_cast<std::size_t>(g.groups);
  const std::uint32_t group = c / static_cast<std::uint32_t>(g.in_c / g.groups);
  reach_->for_each_window(element / in_c, [&](std::size_t position, const std::int16_t* planes) {
    const std::size_t block = position * groups + group;
    const bool is_first = state.marks.mark(block);
    if (is_first) state.touched.push_back(static_cast<std::uint32_t>(block));
    add(&state.deltas[block * out_per_group_], planes + c * reach_->input_size(),
        group * out_per_group_, is_first);
  });
}

void GroupedPropagator::spread_terms(const ProductTerms& terms, std::uint32_t element,
                                     const TensorState& input, ImageState& state) const {
  struct Scaled {
    std::size_t plane;  // Offset of its first factor.
    std::int16_t step;
  };
  std::array<Scaled, 8> used;  // Only [0, count) is set: clearing it would cost more than the rest.
  std::size_t count = 0;
  for (std::size_t t = 0; t < reach_->num_planes(); ++t) {
    const std::int16_t step = terms.step(t, input.golden[element], input.faulty[element]);
    used[count] = {t * out_per_group_, step};
    count += step != 0;
  }
  if (count == 0) return;  // Only bits that the multiplier drops differ.
  for_each_block(element, state,
                 [&](std::int32_t* deltas, const std::int16_t* planes, std::size_t, bool is_first) {
                   for (std::size_t i = 0; i < count; ++i) {
                     const auto apply = is_first && i == 0 ? loops_.set_scaled : loops_.add_scaled;
                     apply(deltas, planes + used[i].plane, used[i].step, out_per_group_);
                   }
                 });
}

void GroupedPropagator::spread_products(std::uint32_t element, const TensorState& input,
                                        ImageState& state) const {
  const std::int8_t before = input.golden[element], after = input.faulty[element];
  const bool is_shared = context_.multipliers.size() == 1;
  for_each_block(element, state,
                 [&](std::int32_t* deltas, const std::int16_t* weights, std::size_t first_channel,
                     bool is_first) {
                   if (is_first) std::fill_n(deltas, out_per_group_, 0);
                   for (std::size_t o = 0; o < out_per_group_; ++o) {
                     const arith::Multiplier& m =
                         *context_.multipliers[is_shared ? 0 : first_channel + o];
                     const auto weight = static_cast<std::uint8_t>(weights[o]);
                     deltas[o] += m.row(after)[weight] - m.row(before)[weight];
                   }
                 });
}

void GroupedPropagator::collect(ImageState& state) const {
  const AccumulatorState& accumulators = node_->accumulators(state);
  resize_at_least(state.candidates, out_per_group_);
  for (const std::uint32_t block : state.touched) {
    const std::size_t first = block * out_per_group_;
    const std::size_t count = loops_.find_outside(
        &state.deltas[first], &accumulators.slack_low[first], &accumulators.slack_width[first],
        out_per_group_, state.candidates.data());
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t element = first + state.candidates[i];
      node_->move_sum(element, static_cast<std::uint32_t>(state.deltas[element]), state);
    }
  }
}

}  // namespace

std::unique_ptr<Propagator> make_grouped_propagator(std::shared_ptr<const ComputingNode> node,
                                                    std::shared_ptr<const InputReach> reach) {
  return std::make_unique<GroupedPropagator>(std::move(node), std::move(reach));
}

}  // namespace deepaxe::fault
