// InputReach: which sums of a computing layer a change of one input moves, and by what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/product_terms.h"
#include "deepaxe/fault/weight_planes.h"
#include "deepaxe/fault/window_reach.h"

namespace deepaxe::fault {

/// Immutable, hence safe to share between threads and propagators.
class InputReach {
 public:
  /// The node outlives this.
  explicit InputReach(const ComputingNode& node)
      : in_columns_(static_cast<std::uint32_t>(node.layer().geometry.in_w)),
        out_columns_(node.layer().geometry.out_w),
        kernel_columns_(node.layer().geometry.kernel_w),
        terms_(common_terms(node.context().multipliers)),
        planes_(planes_by_input(node.layer(), terms_)),
        rows_(reach_of_rows(node.layer().geometry)),
        columns_(reach_of_columns(node.layer().geometry)) {
    const kernel::ConvGeometry& g = node.layer().geometry;
    input_size_ = num_planes() * static_cast<std::size_t>(g.out_c / g.groups);
    tap_size_ = static_cast<std::size_t>(g.in_c) * input_size_;
    if (terms_ && g.groups == 1 && has_byte_rows()) {
      bytes_ = bytes_of(planes_);
    }
  }

  /// Empty: products are to be looked up, and the one plane holds the weights.
  const std::optional<ProductTerms>& terms() const noexcept { return terms_; }
  std::size_t num_planes() const noexcept { return terms_ ? terms_->size() : 1; }
  /// Whether the planes are there as bytes, too: terms that fit, one group, loops for them.
  bool has_bytes() const noexcept { return !bytes_.empty(); }
  /// What ByteRows take in place of `planes`, which for_each_window gave.
  const std::uint8_t* bytes_at(const std::int16_t* planes) const noexcept {
    return bytes_.data() + (planes - planes_.data());
  }
  /// From the planes of an input channel to those of the next.
  std::size_t input_size() const noexcept { return input_size_; }

  bool has_windows(std::uint32_t pixel) const noexcept {
    return !rows_.taps(pixel / in_columns_).empty() && !columns_.taps(pixel % in_columns_).empty();
  }
  /// Calls visit(output position, planes of the tap over the pixel) for each window that covers it.
  template <typename Visit>
  void for_each_window(std::uint32_t pixel, const Visit& visit) const {
    for (const Tap row : rows_.taps(pixel / in_columns_)) {
      for (const Tap column : columns_.taps(pixel % in_columns_)) {
        const auto tap = static_cast<std::size_t>(row.kernel * kernel_columns_ + column.kernel);
        visit(static_cast<std::size_t>(row.output * out_columns_ + column.output),
              planes_.data() + tap * tap_size_);
      }
    }
  }

 private:
  static bool has_byte_rows() {
    return difference_loops(kernel::active_isa()).add_byte_rows != nullptr;
  }

  std::uint32_t in_columns_;
  int out_columns_, kernel_columns_;
  std::optional<ProductTerms> terms_;
  std::vector<std::int16_t> planes_;  // See planes_by_input.
  std::vector<std::uint8_t> bytes_;   // The same, 128 more; empty: not wanted.
  WindowReach rows_, columns_;
  std::size_t input_size_ = 0, tap_size_ = 0;
};

}  // namespace deepaxe::fault
