#include "deepaxe/fault/reference_layer.h"

#include <algorithm>
#include <cstddef>
#include <list>
#include <utility>

#include "deepaxe/kernel/reference/convolution.h"

namespace deepaxe::fault {
namespace {

using arith::Multiplier;
using kernel::ComputingLayer;

// The layer with the fault in one of its stored parameters, if it is there.
ComputingLayer with_faulty_parameter(ComputingLayer layer, const Fault& fault) {
  const auto e = static_cast<std::size_t>(fault.element);
  if (fault.target == Target::kWeight) {
    layer.weights[e] = apply(fault.effect, layer.weights[e], fault.bit);
  } else if (fault.target == Target::kBias) {
    layer.folded_bias[e] = apply(fault.effect, layer.folded_bias[e], fault.bit);
  } else if (fault.target == Target::kRequantMantissa) {
    layer.scales[e].mantissa = apply(fault.effect, layer.scales[e].mantissa, fault.bit);
  } else if (fault.target == Target::kRequantShift) {
    layer.scales[e].shift = apply_to_shift(fault.effect, layer.scales[e].shift, fault.bit);
  }
  return layer;
}

arith::NetFault net_fault(const Fault& fault, std::uint32_t num_nets) {
  using Kind = arith::NetFault::Kind;
  Kind kind = Kind::kInverted;
  if (fault.effect == Effect::kStuckAt0) kind = Kind::kStuckAt0;
  if (fault.effect == Effect::kStuckAt1) kind = Kind::kStuckAt1;
  return {static_cast<std::uint32_t>(fault.element % num_nets), kind};
}

// The multiplier with the fault inside.
Multiplier faulty_multiplier(const Multiplier& sound, const arith::Netlist* netlist,
                             const Fault& fault) {
  if (fault.target == Target::kMultiplierNet) {
    return Multiplier(arith::tabulate(*netlist, net_fault(fault, netlist->num_nets())));
  }
  std::vector<std::int16_t> products(sound.products().begin(), sound.products().end());
  for (std::int16_t& product : products) {
    product = static_cast<std::int16_t>(apply(fault.effect, std::int32_t{product}, fault.bit));
  }
  return Multiplier(std::move(products));
}

// The activation that the hit product reads: the sum of a layer whose only weight is a 1 there.
std::int8_t operand(ComputingLayer layer, std::size_t weight, std::size_t element,
                    std::span<const std::int8_t> input) {
  std::fill(layer.weights.begin(), layer.weights.end(), std::int8_t{0});
  std::fill(layer.folded_bias.begin(), layer.folded_bias.end(), 0);
  layer.weights[weight] = 1;
  const Multiplier exact = Multiplier::exact();
  const Multiplier* multiplier = &exact;
  std::vector<std::int32_t> sums(layer.geometry.out_size());
  kernel::reference::accumulate(layer, {&multiplier, 1}, input, sums);
  return static_cast<std::int8_t>(sums[element]);
}

void strike_product(const ComputingLayer& layer, const LayerHardware& hardware, const Fault& fault,
                    std::span<const std::int8_t> input, std::span<std::int32_t> sums) {
  const std::size_t depth = layer.geometry.depth();
  const auto place = static_cast<std::size_t>(fault.element / hardware.netlist->num_nets());
  const std::size_t element = place / depth;
  const std::size_t channel = element % static_cast<std::size_t>(layer.geometry.out_c);
  const std::size_t weight = channel * depth + place % depth;
  const std::int8_t x = operand(layer, weight, element, input), w = layer.weights[weight];
  const arith::NetFault net = net_fault(fault, hardware.netlist->num_nets());
  sums[element] += arith::product(*hardware.netlist, net, x, w) -
                   arith::product(*hardware.netlist, std::nullopt, x, w);
}

}  // namespace

void run_with_fault(const ComputingLayer& sound_layer, const LayerHardware& hardware,
                    const Fault& fault, std::span<const std::int8_t> input,
                    std::span<std::int8_t> output) {
  const ComputingLayer layer = with_faulty_parameter(sound_layer, fault);
  const auto channels = static_cast<std::size_t>(layer.geometry.out_c);
  const std::size_t units = std::min(static_cast<std::size_t>(hardware.parallel_outputs), channels);
  const bool is_net = fault.target == Target::kMultiplierNet;
  const bool is_one_product = is_net && fault.effect == Effect::kFlip;
  const bool is_unit = (is_net && !is_one_product) || fault.target == Target::kMacUnit;
  const std::uint64_t unit = is_net ? fault.element / hardware.netlist->num_nets() : fault.element;
  std::vector<const Multiplier*> multipliers;
  std::list<Multiplier> faulty;
  for (std::size_t o = 0; o < channels; ++o) {
    multipliers.push_back(hardware.multipliers[hardware.multipliers.size() == 1 ? 0 : o]);
    if (!is_unit || o % units != unit) continue;
    if (faulty.empty() || hardware.multipliers.size() > 1) {
      faulty.push_back(faulty_multiplier(*multipliers.back(), hardware.netlist, fault));
    }
    multipliers.back() = &faulty.back();
  }
  std::vector<std::int32_t> sums(output.size());
  kernel::reference::accumulate(layer, multipliers, input, sums);
  if (is_one_product) strike_product(layer, hardware, fault, input, sums);
  if (fault.target == Target::kAccumulator) {
    std::int32_t& sum = sums[static_cast<std::size_t>(fault.element)];
    sum = apply(fault.effect, sum, fault.bit);
  }
  kernel::reference::requantize(layer, sums, output);
}

}  // namespace deepaxe::fault
