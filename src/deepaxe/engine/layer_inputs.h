// LayerInputs: the codes that each computing layer reads while images pass through the network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::engine {

/// Immutable.
class LayerInputs {
 public:
  /// Runs the first `most_images` of `images` [n, input size], or all where there are fewer.
  LayerInputs(const Int8Engine& engine, const Assignment& assignment,
              std::span<const std::int8_t> images, std::size_t most_images);
  LayerInputs(const LayerInputs&) = delete;
  LayerInputs& operator=(const LayerInputs&) = delete;

  std::size_t num_images() const noexcept { return num_images_; }
  /// [computing layer]: [images, size of what it reads].
  std::span<const std::span<const std::int8_t>> codes() const noexcept { return codes_; }

 private:
  std::size_t num_images_;
  std::vector<std::vector<std::int8_t>> tensors_;  // By node.
  std::vector<std::span<const std::int8_t>> codes_;
};

}  // namespace deepaxe::engine
