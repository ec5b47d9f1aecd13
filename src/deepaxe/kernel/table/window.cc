#include "deepaxe/kernel/table/window.h"

#include <algorithm>
#include <cstring>

#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
Window::Window(const ComputingLayer& layer)
    : geometry_(layer.geometry), zero_point_(layer.in_zero_point) {
  const ConvGeometry& g = geometry_;
  const int need_h = (g.out_h - 1) * g.stride_h + (g.kernel_h - 1) * g.dilation_h + 1;
  const int need_w = (g.out_w - 1) * g.stride_w + (g.kernel_w - 1) * g.dilation_w + 1;
  is_padded_ = g.pad_top != 0 || g.pad_left != 0 || need_h > g.in_h || need_w > g.in_w;
  padded_h_ = is_padded_ ? need_h : g.in_h;
  padded_w_ = is_padded_ ? need_w : g.in_w;
  padded_size_ = to_size(padded_h_ * padded_w_ * g.in_c);
  for (int y = 0; y < g.out_h; ++y) {
    for (int x = 0; x < g.out_w; ++x) {
      bases_.push_back((y * g.stride_h * padded_w_ + x * g.stride_w) * g.in_c);
    }
  }
  for (int y = 0; y < g.kernel_h; ++y) {
    for (int x = 0; x < g.kernel_w; ++x) {
      for (int channel = 0; channel < g.in_c / g.groups; ++channel) {
        offsets_.push_back((y * g.dilation_h * padded_w_ + x * g.dilation_w) * g.in_c + channel);
      }
    }
  }
  plan_runs();
}

// The longest runs that all have the same length: a kernel row, or the channels of one position.
void Window::plan_runs() {
  const ConvGeometry& g = geometry_;
  const bool rows_lie_together = g.groups == 1 && g.dilation_w == 1;
  run_length_ = to_size(g.in_c / g.groups) * (rows_lie_together ? to_size(g.kernel_w) : 1);
  for (std::size_t k = 0; k < offsets_.size(); k += run_length_) {
    run_offsets_.push_back(offsets_[k]);
  }
  is_whole_image_ = g.groups == 1 && bases_.size() * offsets_.size() == padded_size_;
  for (std::size_t i = 0; i < bases_.size() && is_whole_image_; ++i) {
    is_whole_image_ = to_size(bases_[i]) == i * offsets_.size();
  }
  for (std::size_t k = 0; k < offsets_.size() && is_whole_image_; ++k) {
    is_whole_image_ = to_size(offsets_[k]) == k;
  }
}

WindowRuns Window::runs(const std::uint8_t* planes, int num_images, std::size_t num_terms,
                        int group) const noexcept {
  return {.planes = planes + to_size(group * (geometry_.in_c / geometry_.groups)),
          .plane_size = padded_size_,
          .num_images = num_images,
          .num_terms = static_cast<int>(num_terms),
          .bases = bases_.data(),
          .num_rows = static_cast<int>(bases_.size()),
          .run_offsets = run_offsets_.data(),
          .num_runs = static_cast<int>(run_offsets_.size()),
          .run_length = run_length_};
}

const std::uint8_t* Window::pad(const std::int8_t* input, int num_images) const {
  if (!is_padded_) return reinterpret_cast<const std::uint8_t*>(input);
  const ConvGeometry& g = geometry_;
  const std::size_t padded_row = to_size(padded_w_) * to_size(g.in_c);
  const std::size_t in_row = to_size(g.in_w) * to_size(g.in_c);
  const int copied_w = std::min(g.in_w, padded_w_ - g.pad_left);
  std::uint8_t* codes = grown(scratch().codes, to_size(num_images) * padded_size_);
  std::memset(codes, static_cast<std::uint8_t>(zero_point_), to_size(num_images) * padded_size_);
  for (int image = 0; image < num_images && copied_w > 0; ++image) {
    const std::int8_t* from = input + to_size(image) * g.in_size();
    std::uint8_t* to = codes + to_size(image) * padded_size_ + to_size(g.pad_left * g.in_c);
    for (int y = 0; y < g.in_h && y + g.pad_top < padded_h_; ++y) {
      std::memcpy(to + to_size(y + g.pad_top) * padded_row, from + to_size(y) * in_row,
                  to_size(copied_w * g.in_c));
    }
  }
  return codes;
}

}  // namespace deepaxe::kernel::table
