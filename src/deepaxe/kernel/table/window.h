// Window: where the activations of each output lie in a (padded) image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table {

/// Product k of output position p reads element bases()[p] + offsets()[k] of a padded image (plus
/// the first channel of its group). Immutable.
class Window {
 public:
  explicit Window(const ComputingLayer& layer);

  const std::vector<std::int32_t>& bases() const noexcept { return bases_; }      ///< [positions]
  const std::vector<std::int32_t>& offsets() const noexcept { return offsets_; }  ///< [depth]
  std::size_t num_positions() const noexcept { return bases_.size(); }
  std::size_t depth() const noexcept { return offsets_.size(); }
  /// Elements of one padded image.
  std::size_t padded_size() const noexcept { return padded_size_; }

  /// Elements of a window that lie together in the image, at least.
  std::size_t run_length() const noexcept { return run_length_; }
  /// The windows of one group of `num_images` padded images, each `num_terms` planes.
  WindowRuns runs(const std::uint8_t* planes, int num_images, std::size_t num_terms,
                  int group) const noexcept;
  /// True if the windows of the positions are the padded image, one after the other.
  bool is_whole_image() const noexcept { return is_whole_image_; }

  /// `num_images` padded images, [num_images, padded_size()]: `input` itself where nothing has to
  /// be padded, else in scratch memory, valid until the next call on this thread.
  const std::uint8_t* pad(const std::int8_t* input, int num_images) const;

 private:
  void plan_runs();

  const ConvGeometry geometry_;
  const std::int8_t zero_point_;
  bool is_padded_ = false;
  bool is_whole_image_ = false;
  int padded_h_ = 0, padded_w_ = 0;
  std::size_t padded_size_ = 0;
  std::vector<std::int32_t> bases_;
  std::vector<std::int32_t> offsets_;
  std::vector<std::int32_t> run_offsets_;
  std::size_t run_length_ = 0;
};

}  // namespace deepaxe::kernel::table
