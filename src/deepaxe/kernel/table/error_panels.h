// ErrorPanels: what a multiplier adds to the exact product, summed in 16 bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/base/cache_line.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// The errors of a multiplier, less those of one activation, the zero point: most activations are
/// that one after a rectifier, and then there is nothing to add.
struct ErrorTable {
  std::vector<std::int16_t> columns;        ///< [w << 8 | a]; empty if one needs more than 16 bits.
  std::array<std::int32_t, 256> largest{};  ///< Of each weight w, over all activations, absolute.
  std::array<std::int32_t, 256> of_zero{};  ///< Error of each weight with the zero point.
};

ErrorTable make_error_table(const arith::Multiplier& multiplier, std::int8_t zero_point);

/// A panel row holds the errors of one activation for a block of outputs. Errors add up in 16 bits
/// over a segment of the depth: as far as the largest errors that the layer's weights allow fit.
/// What it is made from must outlive it. Immutable.
class ErrorPanels {
 public:
  ErrorPanels(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
              const HotLoops& loops);

  /// False where segments would be so short that widening their sums costs more than it saves, or
  /// where there is no table.
  bool pays(const ErrorTable& errors) const;

  /// Products that surely add up in 16 bits: the shortest segment but the last ones.
  int safe_depth(const ErrorTable& errors) const;

  /// All panels of the layer; `num_bytes()` of them.
  base::CacheLineVector<std::uint32_t> prepare(const ErrorTable& errors) const;
  std::size_t num_bytes() const;

  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes() const;

  /// Adds to the sums [num_images, positions, stage.stride()] of padded images. Without `kept`
  /// panels (from prepare) they are built a few at a time.
  void add(const ErrorTable& errors, const std::uint32_t* kept, const std::uint8_t* codes,
           int num_images, std::uint32_t* sums) const;

 private:
  struct Block {
    int first;  // Output in its group.
    int width;
  };

  std::size_t list_stride() const;
  const std::uint32_t* list_codes(const std::uint8_t* codes, int num_images, int group) const;
  void add_errors_of_zero(const ErrorTable& errors, std::size_t num_rows,
                          std::uint32_t* sums) const;
  template <typename Visit>
  void for_each_segment(const ErrorTable& errors, int group, const Block& block, Visit visit) const;
  PanelSource source(const ErrorTable& errors, int group, const Block& block, int first_k,
                     int num_k) const;
  int end_of_segment(const ErrorTable& errors, int group, const Block& block, int first_k) const;

  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const HotLoops& loops_;
  const int group_out_;
  std::vector<Block> blocks_;
};

}  // namespace deepaxe::kernel::table
