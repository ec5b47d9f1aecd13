#include "deepaxe/fault/computing_node.h"

#include <utility>
#include <vector>

#include "deepaxe/quant/requantize.h"

namespace deepaxe::fault {

namespace {

kernel::ComputingLayer bare_position(const kernel::ComputingLayer& layer) {
  kernel::ComputingLayer result;
  result.geometry.out_c = layer.geometry.out_c;
  result.folded_bias.assign(layer.folded_bias.size(), 0);
  result.scales = layer.scales;
  result.rounding = layer.rounding;
  result.out_zero_point = layer.out_zero_point;
  result.clamp_low = layer.clamp_low;
  result.clamp_high = layer.clamp_high;
  return result;
}

}  // namespace

ComputingNode::ComputingNode(NodeContext context)
    : context_(std::move(context)),
      layer_(context_.engine->computing_layer(context_.node)),
      thresholds_(layer_),
      bare_position_(bare_position(layer_)),
      requantizer_(bare_position_, kernel::table::hot_loops(kernel::active_isa())) {}

AccumulatorState& ComputingNode::sums(ImageState& state) const {
  AccumulatorState& accumulators = state.accumulators[static_cast<std::size_t>(context_.node)];
  if (accumulators.has_sums) return accumulators;
  const std::size_t size = layer_.geometry.out_size();
  accumulators.sums.resize(size + padded_channels());  // Vector loops may read past the end.
  context_.engine->accumulate_node(context_.node, input(state).golden.data(), context_.multipliers,
                                   accumulators.sums.data());
  accumulators.has_sums = true;
  return accumulators;
}

AccumulatorState& ComputingNode::accumulators(ImageState& state) const {
  AccumulatorState& accumulators = sums(state);
  if (!accumulators.has_slacks) fill_slacks(accumulators, state);
  return accumulators;
}

void ComputingNode::run_golden(ImageState& state) const {
  const AccumulatorState& golden = sums(state);
  std::vector<std::int8_t>& codes = output(state).golden;
  const auto channels = static_cast<std::size_t>(layer_.geometry.out_c);
  if (channels == padded_channels() || channels == codes.size()) {
    to_codes(golden.sums.data(), codes.size() / channels, codes.data());
    return;
  }
  for (std::size_t first = 0; first < codes.size(); first += channels) {
    to_codes(&golden.sums[first], 1, &codes[first]);
  }
}

void ComputingNode::to_codes(const std::int32_t* sums, std::size_t num_positions,
                             std::int8_t* codes) const {
  requantizer_.to_codes(reinterpret_cast<const std::uint32_t*>(sums), num_positions, codes);
}

void ComputingNode::fill_slacks(AccumulatorState& accumulators, ImageState& state) const {
  const std::vector<std::int8_t>& codes = output(state).golden;
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
  const std::int8_t moved = code(
      element, static_cast<std::int32_t>(static_cast<std::uint32_t>(golden.sums[element]) + delta));
  if (moved != codes.golden[element]) codes.set(static_cast<std::uint32_t>(element), moved);
}

}  // namespace deepaxe::fault
