#include "deepaxe/fault/fault_map.h"

#include <span>

namespace deepaxe::fault {

std::vector<MapAxis> map_axes(const FaultTensor& tensor) {
  const std::size_t rank = tensor.shape.size();
  switch (tensor.target) {
    case Target::kActivation:
    case Target::kAccumulator:
      return {{"channels", rank - 1, rank}, {"positions", 0, rank - 1}};
    case Target::kWeight:
      if (rank == 2) return {{"channels", 0, 1}, {"inputs", 1, 2}};
      return {{"channels", 0, 1}, {"kernel_positions", 1, rank - 1}, {"inputs", rank - 1, rank}};
    case Target::kBias:
    case Target::kRequantMantissa:
    case Target::kRequantShift:
      return {{"channels", 0, 1}};
    case Target::kMacUnit:
      return {{"units", 0, 1}};
    case Target::kMultiplierNet:
      break;
  }
  if (tensor.effect != Effect::kFlip) return {{"units", 0, 1}, {"nets", 1, 2}};
  return {{"channels", rank - 3, rank - 2},
          {"positions", 0, rank - 3},
          {"products", rank - 2, rank - 1},
          {"nets", rank - 1, rank}};
}

FaultMaps::FaultMaps(const FaultSpace& space) : space_(space) {
  for (const FaultTensor& tensor : space.tensors()) {
    std::vector<AxisCounts>& axes = axes_.emplace_back();
    for (const MapAxis& axis : map_axes(tensor)) {
      AxisCounts& cells = axes.emplace_back();
      for (std::size_t d = axis.first; d < axis.last; ++d) cells.size *= tensor.shape[d];
      for (std::size_t d = axis.last; d < tensor.shape.size(); ++d) cells.stride *= tensor.shape[d];
      cells.counts.resize(cells.size * static_cast<std::size_t>(tensor.bits));
    }
  }
}

void FaultMaps::add(const FaultCounts& fault) {
  const Fault place = space_.at(fault.fault, tensor_);
  const auto bits = static_cast<std::uint64_t>(space_.tensors()[tensor_].bits);
  for (AxisCounts& axis : axes_[tensor_]) {
    const std::uint64_t cell = place.element / axis.stride % axis.size;
    axis.counts[cell * bits + static_cast<std::uint64_t>(place.bit)] += fault.counts;
  }
}

std::vector<MapCell> FaultMaps::cells(std::size_t tensor, std::size_t axis) const {
  const AxisCounts& counted = axes_[tensor][axis];
  const auto bits = static_cast<std::size_t>(space_.tensors()[tensor].bits);
  std::vector<MapCell> cells;
  for (std::size_t c = 0; c < counted.size; ++c) {
    const auto by_bit = std::span(counted.counts).subspan(c * bits, bits);
    MapCell& cell = cells.emplace_back();
    std::vector<RowRate> rates;
    for (const OutcomeCounts& bit : by_bit) {
      rates.push_back(row_rate(bit));
      cell.pairs += bit.pairs();
      cell.sdc += bit.sdc();
    }
    cell.sdc_rate = mean_rate(rates);
  }
  return cells;
}

}  // namespace deepaxe::fault
