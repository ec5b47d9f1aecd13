#include "deepaxe/fault/computing_node.h"

#include <utility>
#include <vector>

#include "deepaxe/quant/requantize.h"

namespace deepaxe::fault {

ComputingNode::ComputingNode(NodeContext context)
    : context_(std::move(context)),
      layer_(context_.engine->computing_layer(context_.node)),
      thresholds_(layer_) {}

AccumulatorState& ComputingNode::accumulators(ImageState& state) const {
  AccumulatorState& accumulators = state.accumulators[static_cast<std::size_t>(context_.node)];
  if (!accumulators.has_slacks) fill(accumulators, state);
  return accumulators;
}

void ComputingNode::fill(AccumulatorState& accumulators, ImageState& state) const {
  const std::vector<std::int8_t>& codes = output(state).golden;
  if (!accumulators.has_sums) {
    accumulators.sums.resize(codes.size());
    context_.engine->accumulate_node(context_.node, input(state).golden.data(),
                                     context_.multipliers, accumulators.sums.data());
    accumulators.has_sums = true;
  }
  accumulators.slack_low.resize(codes.size());
  accumulators.slack_width.resize(codes.size());
  const auto channels = static_cast<std::size_t>(layer_.geometry.out_c);
  for (std::size_t first = 0; first < codes.size(); first += channels) {
    for (std::size_t o = 0; o < channels; ++o) {
      const Slack slack = thresholds_.slack(o, accumulators.sums[first + o], codes[first + o]);
      accumulators.slack_low[first + o] = slack.low;
      accumulators.slack_width[first + o] =
          static_cast<std::uint32_t>(slack.high) - static_cast<std::uint32_t>(slack.low);
    }
  }
  accumulators.has_slacks = true;
}

std::int8_t ComputingNode::code(std::size_t element, std::int32_t sum) const noexcept {
  const std::size_t channel = element % static_cast<std::size_t>(layer_.geometry.out_c);
  return quant::requantize_to_code(sum, layer_.scales[channel], layer_.rounding,
                                   layer_.out_zero_point, layer_.clamp_low, layer_.clamp_high);
}

void ComputingNode::move_sum(std::size_t element, std::uint32_t delta, ImageState& state) const {
  const AccumulatorState& golden = state.accumulators[static_cast<std::size_t>(context_.node)];
  TensorState& codes = output(state);
  const std::int8_t moved =
      code(element, static_cast<std::int32_t>(static_cast<std::uint32_t>(golden.sums[element]) +
                                              delta));
  if (moved != codes.golden[element]) codes.set(static_cast<std::uint32_t>(element), moved);
}

}  // namespace deepaxe::fault
