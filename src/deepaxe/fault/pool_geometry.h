// PoolGeometry: which elements the windows of a pool cover, and which windows cover an element.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/window_reach.h"

namespace deepaxe::fault {

struct PoolGeometry {
  AxisGeometry rows, columns;
  std::size_t channels = 1;  ///< 1: elements are whole pixels.
};

/// Of a pool over [rows, columns, channels] without dilation; nothing for any other node.
std::optional<PoolGeometry> pool_geometry(const NodeContext& context);

/// The window of one output element, clipped to the image.
struct PoolWindow {
  std::uint32_t first = 0;  ///< Its first input element.
  std::uint16_t rows = 0, columns = 0;
};

std::vector<PoolWindow> pool_windows(const PoolGeometry& g);  ///< By output element.

/// By input element: the output elements whose windows cover it.
class PoolCoverage {
 public:
  explicit PoolCoverage(const PoolGeometry& g);

  std::span<const std::uint32_t> outputs(std::uint32_t element) const noexcept {
    return std::span(outputs_).subspan(first_[element], first_[element + 1] - first_[element]);
  }

 private:
  std::vector<std::uint32_t> first_, outputs_;
};

}  // namespace deepaxe::fault
