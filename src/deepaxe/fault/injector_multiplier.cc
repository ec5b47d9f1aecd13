// Faults inside a multiplier: of one unit, for all of its products, or in a single product.
#include "deepaxe/fault/injector.h"
#include "deepaxe/fault/layer_operands.h"

namespace deepaxe::fault {

void LayerInjector::inject_unit(std::size_t unit, const FindTable& find, ImageState& state) const {
  const kernel::ComputingLayer& layer = node_->layer();
  const LayerOperands operands(layer);
  const std::vector<std::int8_t>& input = node_->input(state).golden;
  const std::size_t depth = layer.geometry.depth();
  std::shared_ptr<const Products> faulty;
  for (std::size_t channel = unit; channel < num_channels_; channel += num_units_) {
    if (faulty == nullptr || tables_.size() > 1) faulty = find(tables(channel));
    if (faulty == nullptr) continue;
    const arith::Multiplier& sound = tables(channel).multiplier();
    const std::int8_t* weights = layer.weights.data() + channel * depth;
    for (std::size_t position = 0; position < num_positions_; ++position) {
      std::int64_t delta = 0;
      operands.for_each(position, channel, input, [&](std::size_t product, std::int8_t x) {
        const std::size_t index = arith::Multiplier::index(x, weights[product]);
        delta += (*faulty)[index] - sound.products()[index];
      });
      move_if_outside(position * num_channels_ + channel, static_cast<std::uint32_t>(delta), state);
    }
  }
}

void LayerInjector::inject_product(const Fault& fault, ImageState& state) const {
  const kernel::ComputingLayer& layer = node_->layer();
  const std::size_t depth = layer.geometry.depth();
  const std::uint64_t product = fault.element / num_nets_ % depth;
  const std::uint64_t element = fault.element / num_nets_ / depth;
  const std::size_t channel = element % num_channels_, position = element / num_channels_;
  const std::int8_t x =
      LayerOperands(layer).at(position, channel, product, node_->input(state).golden);
  const std::int8_t w = layer.weights[channel * depth + product];
  const arith::NetFault net{static_cast<std::uint32_t>(fault.element % num_nets_),
                            arith::NetFault::Kind::kInverted};
  const std::int32_t delta =
      arith::product(*netlist_, net, x, w) - tables(channel).multiplier()(x, w);
  move_if_outside(element, static_cast<std::uint32_t>(delta), state);
}

}  // namespace deepaxe::fault
