// Differences through a convolution or dense layer: each changed input moves the sums of the
// windows that cover it by m(new, w) - m(old, w). The outputs of a position are a block: its sums
// are moved, requantized and compared together.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/carrying_costs.h"
#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/input_reach.h"
#include "deepaxe/fault/pooled_sums.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/window_run.h"

namespace deepaxe::fault {
namespace {

using kernel::ComputingLayer;

// From so many rows on, bytes save more than narrowing and transposing costs.
constexpr std::size_t kLeastByteRows = 6;

class ComputingPropagator final : public Propagator {
 public:
  ComputingPropagator(std::shared_ptr<const ComputingNode> node,
                      std::shared_ptr<const InputReach> reach,
                      std::shared_ptr<const PooledSums> pooled, std::optional<Way> forced)
      : node_(std::move(node)),
        reach_(std::move(reach)),
        pooled_(std::move(pooled)),
        forced_(forced),
        context_(node_->context()),
        layer_(node_->layer()),
        dense_(make_dense_propagator(context_)),
        windows_(WindowRun::make(*node_)),
        costs_(*node_, *reach_, windows_.get(), pooled_ != nullptr),
        num_planes_(reach_->num_planes()),
        channels_(static_cast<std::size_t>(layer_.geometry.out_c)),
        num_positions_(layer_.geometry.out_size() / channels_) {}

  void propagate(ImageState& state) const override {
    const Way way = forced_ ? *forced_ : choose(state);
    if (way == Way::kSparse) return carry_sparsely(state);
    if (way == Way::kWhole) {
      dense_->propagate(state);
    } else {
      if (forced_) windows_->find_positions(state);
      windows_->run(state);
    }
    // Where differences are met must not depend on the way.
    if (pooled_) pooled_->hand_over(*node_, state);
  }

  int node_written_instead() const override { return pooled_ ? pooled_->pool_node() : -1; }

 private:
  // All give the same; state.positions are ready for kWindows.
  Way choose(ImageState& state) const {
    const std::size_t num_changed = node_->input(state).changed.size();
    if (num_changed == 1) return Way::kSparse;
    const double least = costs_.sparse(num_changed);
    if (least < costs_.windows(1)) return least < costs_.whole() ? Way::kSparse : Way::kWhole;
    const WindowRun::Reach reach = windows_->find_positions(state);
    const double sparse = costs_.sparse(num_changed, reach);
    const double in_windows = costs_.windows(reach.num_positions);
    if (std::min(sparse, in_windows) > costs_.whole()) return Way::kWhole;
    return sparse < in_windows ? Way::kSparse : Way::kWindows;
  }

  void carry_sparsely(ImageState& state) const {
    const AccumulatorState& golden = node_->sums(state);
    prepare(state);
    if (const std::optional<ProductTerms>& terms = reach_->terms()) {
      move_by_terms(*terms, golden, state);
    } else {
      for (const std::uint32_t element : node_->input(state).changed) {
        move_by_products(element, golden, state);
      }
    }
    compare(golden, state);
  }

  void prepare(ImageState& state) const;
  void move_by_terms(const ProductTerms& terms, const AccumulatorState& golden,
                     ImageState& state) const;
  void move_windows(std::uint32_t pixel, std::size_t count, const AccumulatorState& golden,
                    ImageState& state) const;
  void move_by_products(std::uint32_t element, const AccumulatorState& golden,
                        ImageState& state) const;
  std::size_t list_term_rows(const ProductTerms& terms, std::span<const std::uint32_t> changed,
                             std::uint32_t first, ImageState& state) const;
  void look_up_products(std::uint32_t element, const std::int16_t* weights,
                        ImageState& state) const;
  // Of a block: where its sums are before they move once more, and where they are to be.
  struct BlockSums {
    const std::int32_t* from;
    std::int32_t* to;
  };
  BlockSums sums_of(std::size_t block, const AccumulatorState& golden, ImageState& state) const;
  void compare(const AccumulatorState& golden, ImageState& state) const;

  std::shared_ptr<const ComputingNode> node_;
  std::shared_ptr<const InputReach> reach_;
  std::shared_ptr<const PooledSums> pooled_;  // Null: no such pool.
  std::optional<Way> forced_;
  const NodeContext& context_;
  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  const ComputingLayer& layer_;
  std::unique_ptr<Propagator> dense_;
  std::unique_ptr<const WindowRun> windows_;  // Null: no such kernels.
  CarryingCosts costs_;
  std::size_t num_planes_;
  std::size_t channels_;
  std::size_t num_positions_;
};

void ComputingPropagator::prepare(ImageState& state) const {
  state.blocks.resize_at_least(num_positions_);
  state.blocks.clear();
  const std::size_t size = num_positions_ * node_->padded_channels();
  resize_at_least(state.block_sums, size);
  resize_at_least(state.block_codes, size);
  const std::size_t most_rows = node_->input(state).changed.size() * num_planes_ + 16;
  const std::size_t most_byte_rows = reach_->has_bytes() ? 3 * most_rows + kRowsAtOnce : 0;
  resize_at_least(state.row_offsets, std::max(most_rows, most_byte_rows));
  resize_at_least(state.row_steps, most_rows);
  resize_at_least(state.byte_steps, most_byte_rows);
}

// Pixel by pixel: the rows of its changed channels are the same under every window that covers it,
// but for the tap.
void ComputingPropagator::move_by_terms(const ProductTerms& terms, const AccumulatorState& golden,
                                        ImageState& state) const {
  const TensorState& input = node_->input(state);
  const auto in_c = static_cast<std::uint32_t>(layer_.geometry.in_c);
  if (terms.is_plain() && input.has_pixels_of(in_c)) {
    for (const std::uint32_t first : input.changed_pixels) {
      if (!reach_->has_windows(first / in_c)) continue;  // Between those of a stride.
      const std::size_t count = loops_.list_steps(
          {&input.golden[first], &input.faulty[first], in_c}, static_cast<std::uint32_t>(channels_),
          state.row_offsets.data(), state.row_steps.data());
      move_windows(first / in_c, count, golden, state);
    }
    return;
  }
  const std::vector<std::uint32_t>& changed = input.changed;
  for (std::size_t i = 0; i < changed.size();) {
    const std::uint32_t pixel = changed[i] / in_c, first = pixel * in_c;
    std::size_t last = i + 1;
    while (last < changed.size() && changed[last] - first < in_c) ++last;  // Below first: wraps.
    const auto of_pixel = std::span(changed).subspan(i, last - i);
    i = last;
    if (!reach_->has_windows(pixel)) continue;
    move_windows(pixel, list_term_rows(terms, of_pixel, first, state), golden, state);
  }
}

// By the first `count` rows that are listed; none: only bits that the multiplier drops differ.
void ComputingPropagator::move_windows(std::uint32_t pixel, std::size_t count,
                                       const AccumulatorState& golden, ImageState& state) const {
  if (count == 0) return;
  std::uint32_t* const offsets = state.row_offsets.data();
  const std::int16_t* const steps = state.row_steps.data();
  if (count < kLeastByteRows || !reach_->has_bytes()) {
    reach_->for_each_window(pixel, [&](std::size_t block, const std::int16_t* planes) {
      const auto [from, to] = sums_of(block, golden, state);
      loops_.add_rows({planes, offsets, steps, count}, from, to, channels_);
    });
    return;
  }
  std::int8_t* const bytes = state.byte_steps.data();
  count = loops_.narrow_steps(offsets, steps, count, bytes);
  reach_->for_each_window(pixel, [&](std::size_t block, const std::int16_t* planes) {
    const auto [from, to] = sums_of(block, golden, state);
    loops_.add_byte_rows({reach_->bytes_at(planes), offsets, bytes, count}, from, to, channels_);
  });
}

// Lists the rows that changes of elements of the pixel from `first` on add; returns how many.
// Without a branch: which terms change is as good as random.
std::size_t ComputingPropagator::list_term_rows(const ProductTerms& terms,
                                                std::span<const std::uint32_t> changed,
                                                std::uint32_t first, ImageState& state) const {
  const TensorState& input = node_->input(state);
  const std::int8_t *golden = input.golden.data(), *faulty = input.faulty.data();
  std::uint32_t* const offsets = state.row_offsets.data();
  std::int16_t* const steps = state.row_steps.data();
  const auto num_planes = static_cast<std::uint32_t>(num_planes_);
  const auto channels = static_cast<std::uint32_t>(channels_);
  std::size_t count = 0;
  for (const std::uint32_t element : changed) {
    const std::int16_t* before = terms.weights(golden[element]);
    const std::int16_t* after = terms.weights(faulty[element]);
    std::uint32_t offset = (element - first) * num_planes * channels;
    for (std::uint32_t t = 0; t < num_planes; ++t, offset += channels) {
      const auto step = static_cast<std::int16_t>(after[t] - before[t]);
      offsets[count] = offset;
      steps[count] = step;
      count += step != 0 ? 1U : 0U;
    }
  }
  return count;
}

// For any multiplier: its products with the new code, less those with the old one.
void ComputingPropagator::move_by_products(std::uint32_t element, const AccumulatorState& golden,
                                           ImageState& state) const {
  resize_at_least(state.products, 2 * channels_);
  state.row_offsets[0] = 0;
  state.row_offsets[1] = static_cast<std::uint32_t>(channels_);
  state.row_steps[0] = 1;
  state.row_steps[1] = -1;
  const auto in_c = static_cast<std::uint32_t>(layer_.geometry.in_c);
  reach_->for_each_window(element / in_c, [&](std::size_t block, const std::int16_t* planes) {
    look_up_products(element, planes + element % in_c * channels_, state);
    const auto [from, to] = sums_of(block, golden, state);
    loops_.add_rows({state.products.data(), state.row_offsets.data(), state.row_steps.data(), 2},
                    from, to, channels_);
  });
}

void ComputingPropagator::look_up_products(std::uint32_t element, const std::int16_t* weights,
                                           ImageState& state) const {
  const TensorState& input = node_->input(state);
  const std::int8_t after = input.faulty[element], before = input.golden[element];
  for (std::size_t o = 0; o < channels_; ++o) {
    const arith::Multiplier& m = *context_.multipliers[context_.multipliers.size() == 1 ? 0 : o];
    const auto weight = static_cast<std::uint8_t>(weights[o]);
    state.products[o] = m.row(after)[weight];
    state.products[channels_ + o] = m.row(before)[weight];
  }
}

ComputingPropagator::BlockSums ComputingPropagator::sums_of(std::size_t block,
                                                            const AccumulatorState& golden,
                                                            ImageState& state) const {
  const auto [slot, is_new] = state.blocks.find_or_add(static_cast<std::uint32_t>(block));
  std::int32_t* sums = &state.block_sums[slot * node_->padded_channels()];
  return {is_new ? &golden.sums[block * channels_] : sums, sums};
}

void ComputingPropagator::compare(const AccumulatorState& golden, ImageState& state) const {
  if (pooled_) {
    pooled_->compare(*node_, golden, state);
    return;
  }
  const std::vector<std::uint32_t>& blocks = state.blocks.used();
  if (blocks.empty()) return;
  node_->to_codes(state.block_sums.data(), blocks.size(), state.block_codes.data());
  set_changed_blocks(loops_, blocks, channels_, node_->output(state), state);
}

}  // namespace

std::unique_ptr<Propagator> make_computing_propagator(std::shared_ptr<const ComputingNode> node,
                                                      std::shared_ptr<const InputReach> reach,
                                                      std::shared_ptr<const PooledSums> pooled,
                                                      std::optional<Way> way) {
  if (node->layer().geometry.groups > 1) {
    return make_grouped_propagator(std::move(node), std::move(reach));
  }
  return std::make_unique<ComputingPropagator>(std::move(node), std::move(reach), std::move(pooled),
                                               way);
}

}  // namespace deepaxe::fault
