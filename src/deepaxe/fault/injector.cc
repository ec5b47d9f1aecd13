#include "deepaxe/fault/injector.h"

#include <algorithm>
#include <utility>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/layer_operands.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::fault {
namespace {

std::size_t to_size(int value) { return static_cast<std::size_t>(value); }

std::uint32_t difference(std::int32_t after, std::int32_t before) {
  return static_cast<std::uint32_t>(after) - static_cast<std::uint32_t>(before);
}

}  // namespace

LayerInjector::LayerInjector(std::shared_ptr<const ComputingNode> node,
                             const arith::Netlist* netlist,
                             std::vector<std::shared_ptr<FaultyTables>> tables,
                             int parallel_outputs)
    : node_(std::move(node)),
      netlist_(netlist),
      num_nets_(netlist == nullptr ? 0 : netlist->num_nets()),
      num_channels_(to_size(node_->layer().geometry.out_c)),
      num_positions_(node_->layer().geometry.out_size() / num_channels_),
      num_units_(std::min(to_size(parallel_outputs), num_channels_)),
      tables_(std::move(tables)) {}

void LayerInjector::inject(const Fault& fault, ImageState& state) const {
  node_->accumulators(state);
  switch (fault.target) {
    case Target::kActivation:
      DEEPAXE_ASSERT(false);  // Not of a layer but of a memory: the simulator's own.
      return;
    case Target::kWeight:
      return inject_weight(fault, state);
    case Target::kBias:
      return inject_bias(fault, state);
    case Target::kAccumulator:
      return inject_accumulator(fault, state);
    case Target::kRequantMantissa:
    case Target::kRequantShift:
      return inject_scale(fault, state);
    case Target::kMacUnit:
      return inject_unit(
          fault.element,
          [&](FaultyTables& tables) { return tables.of_register(fault.bit, fault.effect); }, state);
    case Target::kMultiplierNet:
      if (fault.effect == Effect::kFlip) return inject_product(fault, state);
      return inject_unit(
          fault.element / num_nets_,
          [&](FaultyTables& tables) {
            return tables.of_net(static_cast<std::uint32_t>(fault.element % num_nets_),
                                 fault.effect);
          },
          state);
  }
}

void LayerInjector::inject_weight(const Fault& fault, ImageState& state) const {
  const kernel::ComputingLayer& layer = node_->layer();
  const std::size_t depth = layer.geometry.depth();
  const std::size_t channel = fault.element / depth, product = fault.element % depth;
  const std::int8_t before = layer.weights[fault.element];
  const std::int8_t after = apply(fault.effect, before, fault.bit);
  if (after == before) return;
  const LayerOperands operands(layer);
  const arith::Multiplier& multiplier = tables(channel).multiplier();
  const std::vector<std::int8_t>& input = node_->input(state).golden;
  for (std::size_t position = 0; position < num_positions_; ++position) {
    const std::int8_t x = operands.at(position, channel, product, input);
    move_if_outside(position * num_channels_ + channel,
                    difference(multiplier(x, after), multiplier(x, before)), state);
  }
}

void LayerInjector::inject_bias(const Fault& fault, ImageState& state) const {
  const std::int32_t before = node_->layer().folded_bias[fault.element];
  const std::uint32_t delta = difference(apply(fault.effect, before, fault.bit), before);
  for (std::size_t position = 0; position < num_positions_; ++position) {
    move_if_outside(position * num_channels_ + fault.element, delta, state);
  }
}

void LayerInjector::inject_accumulator(const Fault& fault, ImageState& state) const {
  const std::int32_t sum = node_->accumulators(state).sums[fault.element];
  move_if_outside(fault.element, difference(apply(fault.effect, sum, fault.bit), sum), state);
}

void LayerInjector::inject_scale(const Fault& fault, ImageState& state) const {
  const kernel::ComputingLayer& layer = node_->layer();
  quant::RequantScale scale = layer.scales[fault.element];
  if (fault.target == Target::kRequantMantissa) {
    scale.mantissa = apply(fault.effect, scale.mantissa, fault.bit);
  } else {
    scale.shift = apply_to_shift(fault.effect, scale.shift, fault.bit);
  }
  if (scale == layer.scales[fault.element]) return;
  const std::vector<std::int32_t>& sums = node_->accumulators(state).sums;
  TensorState& output = node_->output(state);
  for (std::size_t position = 0; position < num_positions_; ++position) {
    const std::size_t element = position * num_channels_ + fault.element;
    const std::int8_t code =
        quant::requantize_to_code(sums[element], scale, layer.rounding, layer.out_zero_point,
                                  layer.clamp_low, layer.clamp_high);
    if (code != output.golden[element]) output.set(static_cast<std::uint32_t>(element), code);
  }
}

// Requantizing is what costs: most small moves stay within the slack.
void LayerInjector::move_if_outside(std::size_t element, std::uint32_t delta,
                                    ImageState& state) const {
  const AccumulatorState& golden = node_->accumulators(state);
  const auto low = static_cast<std::uint32_t>(golden.slack_low[element]);
  if (delta - low > golden.slack_width[element]) node_->move_sum(element, delta, state);
}

}  // namespace deepaxe::fault
