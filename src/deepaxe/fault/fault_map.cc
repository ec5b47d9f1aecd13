#include "deepaxe/fault/fault_map.h"

namespace deepaxe::fault {

std::optional<double> rate_if_known(const OutcomeCounts& counts) noexcept {
  if (counts.pairs() < kLeastPairs) return std::nullopt;
  return sdc_rate(counts);
}

std::optional<double> mean_rate(std::span<const OutcomeCounts> by_bit) noexcept {
  std::int64_t pairs = 0;
  double sum = 0;
  for (const OutcomeCounts& counts : by_bit) {
    if (counts.pairs() == 0) return std::nullopt;
    pairs += counts.pairs();
    sum += sdc_rate(counts);
  }
  if (pairs < kLeastPairs) return std::nullopt;
  return sum / static_cast<double>(by_bit.size());
}

std::vector<MapCell> fault_map(std::span<const FaultCounts> counts, const FaultSpace& space,
                               int tensor, const model::Shape& shape, MapAxis axis) {
  const auto channels = static_cast<std::size_t>(model::num_channels(shape));
  const FaultTensor& described = space.tensors()[static_cast<std::size_t>(tensor)];
  const std::size_t size = axis == MapAxis::kChannel
                               ? channels
                               : static_cast<std::size_t>(described.elements) / channels;
  const auto bits_of_cell = static_cast<std::size_t>(described.bits);
  std::vector<std::vector<OutcomeCounts>> by_bit(size, std::vector<OutcomeCounts>(bits_of_cell));
  const std::uint64_t end = described.first_fault + described.num_faults();
  for (const FaultCounts& entry : counts) {
    if (entry.fault < described.first_fault || entry.fault >= end) continue;
    const Fault fault = space.at(entry.fault);
    const std::size_t cell =
        axis == MapAxis::kChannel ? fault.element % channels : fault.element / channels;
    by_bit[cell][static_cast<std::size_t>(fault.bit)] += entry.counts;
  }
  std::vector<MapCell> cells;
  for (const auto& bits : by_bit) {
    MapCell& cell = cells.emplace_back();
    for (const OutcomeCounts& bit : bits) {
      cell.pairs += bit.pairs();
      cell.sdc += bit.sdc();
    }
    cell.sdc_rate = mean_rate(bits);
  }
  return cells;
}

}  // namespace deepaxe::fault
