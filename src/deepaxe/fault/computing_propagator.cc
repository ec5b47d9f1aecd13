// Differences through a convolution or dense layer: each changed input moves the sums of the
// windows that cover it by m(new, w) - m(old, w). The outputs of a position are a block: its sums
// are moved, requantized and compared together.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/product_terms.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/weight_planes.h"
#include "deepaxe/fault/window_reach.h"

namespace deepaxe::fault {
namespace {

using kernel::ComputingLayer;
using kernel::ConvGeometry;

// How many products of the engine's kernels one product here costs.
std::size_t sparse_cost(const ConvGeometry& geometry, const std::optional<ProductTerms>& terms) {
  const std::size_t own = terms ? std::max<std::size_t>(terms->size(), 1) : 4;
  return geometry.out_h * geometry.out_w > 1 ? 4 * own : 1 + own / 2;
}

class ComputingPropagator final : public Propagator {
 public:
  explicit ComputingPropagator(std::shared_ptr<const ComputingNode> node)
      : node_(std::move(node)),
        context_(node_->context()),
        layer_(node_->layer()),
        terms_(common_terms(context_.multipliers)),
        planes_(planes_by_input(layer_, terms_)),
        rows_(reach_of_rows(layer_.geometry)),
        columns_(reach_of_columns(layer_.geometry)),
        dense_(make_dense_propagator(context_)),
        sparse_cost_(sparse_cost(layer_.geometry, terms_)),
        num_planes_(terms_ ? terms_->size() : 1),
        channels_(static_cast<std::size_t>(layer_.geometry.out_c)),
        num_positions_(layer_.geometry.out_size() / channels_) {}

  void propagate(ImageState& state) const override {
    const TensorState& input = node_->input(state);
    if (input.changed.size() * sparse_cost_ > input.golden.size()) {
      dense_->propagate(state);
      return;
    }
    const AccumulatorState& golden = node_->sums(state);
    prepare(state);
    if (num_positions_ == 1 && terms_) {
      move_only_block(golden, state);
    } else {
      for (const std::uint32_t element : input.changed) move_blocks(element, golden, state);
    }
    compare(state);
  }

 private:
  void prepare(ImageState& state) const;
  std::size_t term_rows(std::uint32_t element, const std::int16_t* planes, std::size_t first,
                        ImageState& state) const;
  void product_rows(std::uint32_t element, const std::int16_t* weights, ImageState& state) const;
  void move_only_block(const AccumulatorState& golden, ImageState& state) const;
  void move_blocks(std::uint32_t element, const AccumulatorState& golden, ImageState& state) const;
  void move_block(std::size_t block, std::size_t num_rows, const AccumulatorState& golden,
                  ImageState& state) const;
  void compare(ImageState& state) const;

  // Planes of input channel c under a tap of the window.
  const std::int16_t* planes(std::size_t tap, std::size_t c) const {
    return &planes_[(tap * static_cast<std::size_t>(layer_.geometry.in_c) + c) * num_planes_ *
                    channels_];
  }

  std::shared_ptr<const ComputingNode> node_;
  const NodeContext& context_;
  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  const ComputingLayer& layer_;
  std::optional<ProductTerms> terms_;
  std::vector<std::int16_t> planes_;
  WindowReach rows_, columns_;
  std::unique_ptr<Propagator> dense_;
  std::size_t sparse_cost_;
  std::size_t num_planes_;
  std::size_t channels_;
  std::size_t num_positions_;
};

void ComputingPropagator::prepare(ImageState& state) const {
  state.blocks.resize_at_least(num_positions_);
  state.blocks.clear();
  const std::size_t size = num_positions_ * node_->padded_channels();
  if (state.block_sums.size() < size) {
    state.block_sums.resize(size);
    state.block_codes.resize(size);
    state.found.resize(size + 16);  // As DifferenceLoops::find_changed wants them.
    state.found_codes.resize(size + 16);
  }
  const std::size_t most_rows =
      std::max<std::size_t>(node_->input(state).changed.size() * num_planes_, 2);
  if (state.rows.size() < most_rows) {
    state.rows.resize(most_rows);
    state.steps.resize(most_rows);
  }
}

// Writes to rows[i], steps[i] the rows whose sum is what the element's change adds, those first of
// them that have a step; returns how many. Without a branch: which terms change is as good as
// random.
std::size_t ComputingPropagator::term_rows(std::uint32_t element, const std::int16_t* planes,
                                           std::size_t first, ImageState& state) const {
  const TensorState& input = node_->input(state);
  const std::int16_t* before = terms_->weights(input.golden[element]);
  const std::int16_t* after = terms_->weights(input.faulty[element]);
  const std::int16_t** rows = &state.rows[first];
  std::int16_t* steps = &state.steps[first];
  std::size_t count = 0;
  for (std::size_t t = 0; t < num_planes_; ++t) {
    rows[count] = planes + t * channels_;
    steps[count] = static_cast<std::int16_t>(after[t] - before[t]);
    count += steps[count] != 0 ? 1 : 0;  // Else only bits that the multiplier drops differ.
  }
  return count;
}

// For any multiplier: its products with the new code, less those with the old one.
void ComputingPropagator::product_rows(std::uint32_t element, const std::int16_t* weights,
                                       ImageState& state) const {
  const TensorState& input = node_->input(state);
  if (state.products.size() < 2 * channels_) state.products.resize(2 * channels_);
  const std::array<std::int8_t, 2> codes = {input.faulty[element], input.golden[element]};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    std::int16_t* row = state.products.data() + i * channels_;
    for (std::size_t o = 0; o < channels_; ++o) {
      const arith::Multiplier& m = *context_.multipliers[context_.multipliers.size() == 1 ? 0 : o];
      row[o] = m.row(codes[i])[static_cast<std::uint8_t>(weights[o])];
    }
    state.rows[i] = row;
    state.steps[i] = i == 0 ? 1 : -1;
  }
}

// A layer of one position: the rows of all changed inputs at once.
void ComputingPropagator::move_only_block(const AccumulatorState& golden, ImageState& state) const {
  std::size_t count = 0;
  for (const std::uint32_t element : node_->input(state).changed) {
    count += term_rows(element, planes(0, element), count, state);
  }
  if (count > 0) move_block(0, count, golden, state);
}

// The blocks of the windows that cover one changed input.
void ComputingPropagator::move_blocks(std::uint32_t element, const AccumulatorState& golden,
                                      ImageState& state) const {
  const ConvGeometry& g = layer_.geometry;
  const auto in_c = static_cast<std::uint32_t>(g.in_c), in_w = static_cast<std::uint32_t>(g.in_w);
  const std::uint32_t position = element / in_c, c = element % in_c;
  const std::uint32_t y = position / in_w, x = position % in_w;
  const std::int16_t* first = planes(0, c);
  const std::size_t count = terms_ ? term_rows(element, first, 0, state) : 2;
  if (count == 0) return;
  for (const Tap row : rows_.taps(y)) {
    for (const Tap column : columns_.taps(x)) {
      const std::int16_t* factors =
          planes(static_cast<std::size_t>(row.kernel * g.kernel_w + column.kernel), c);
      if (!terms_) product_rows(element, factors, state);
      const std::ptrdiff_t shift = terms_ ? factors - first : 0;  // Every tap has its own planes.
      for (std::size_t r = 0; r < count; ++r) state.rows[r] += shift;
      first = factors;
      move_block(static_cast<std::size_t>(row.output * g.out_w + column.output), count, golden,
                 state);
    }
  }
}

void ComputingPropagator::move_block(std::size_t block, std::size_t num_rows,
                                     const AccumulatorState& golden, ImageState& state) const {
  const auto [slot, is_new] = state.blocks.find_or_add(static_cast<std::uint32_t>(block));
  std::int32_t* sums = &state.block_sums[slot * node_->padded_channels()];
  loops_.add_rows({state.rows.data(), state.steps.data(), num_rows},
                  is_new ? &golden.sums[block * channels_] : sums, sums, channels_);
}

void ComputingPropagator::compare(ImageState& state) const {
  const std::size_t num_blocks = state.blocks.used().size();
  if (num_blocks == 0) return;
  TensorState& output = node_->output(state);
  node_->to_codes(state.block_sums.data(), num_blocks, state.block_codes.data());
  state.first_elements.resize(num_blocks);
  for (std::size_t slot = 0; slot < num_blocks; ++slot) {
    state.first_elements[slot] = state.blocks.used()[slot] * static_cast<std::uint32_t>(channels_);
  }
  const std::size_t count = loops_.find_changed(
      {state.first_elements.data(), num_blocks, channels_}, state.block_codes.data(),
      output.golden.data(), state.found.data(), state.found_codes.data());
  for (std::size_t i = 0; i < count; ++i) output.set(state.found[i], state.found_codes[i]);
}

}  // namespace

std::unique_ptr<Propagator> make_computing_propagator(std::shared_ptr<const ComputingNode> node) {
  if (node->layer().geometry.groups > 1) return make_grouped_propagator(std::move(node));
  return std::make_unique<ComputingPropagator>(std::move(node));
}

}  // namespace deepaxe::fault
