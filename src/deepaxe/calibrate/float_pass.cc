#include "deepaxe/calibrate/float_pass.h"

#include <algorithm>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/parallel.h"

namespace deepaxe::calibrate {
namespace {

// Few images in a block occupy many threads; few blocks bound the memory of their sums. The length
// depends on nothing but the number of images.
std::size_t images_per_block(std::size_t num_images) {
  constexpr std::size_t kLeast = 8;
  constexpr std::size_t kMostBlocks = 256;
  return std::max(kLeast, (num_images + kMostBlocks - 1) / kMostBlocks);
}

}  // namespace

std::size_t num_workers(int num_threads) {
  return static_cast<std::size_t>(num_threads == 0 ? base::default_thread_count() : num_threads);
}

std::size_t num_blocks(std::size_t num_images) {
  const std::size_t length = images_per_block(num_images);
  return (num_images + length - 1) / length;
}

void for_each_image(const engine::FloatEngine& engine, int last_node, std::span<const float> images,
                    int num_threads, const std::function<void(const FloatVisit&)>& visit) {
  const std::size_t size = model::num_elements(engine.model().input_shape());
  const std::size_t num_images = images.size() / size;
  const std::size_t length = images_per_block(num_images);
  std::vector<std::vector<std::vector<float>>> tensors(num_workers(num_threads));
  const auto run_block = [&](std::size_t block, int worker) {
    auto& own = tensors[static_cast<std::size_t>(worker)];
    const std::size_t end = std::min(num_images, (block + 1) * length);
    for (std::size_t image = block * length; image < end; ++image) {
      base::check_interrupt();
      engine.run_until(last_node, images.subspan(image * size, size), own);
      visit({.image = image, .block = block, .worker = worker, .tensors = own});
    }
  };
  base::parallel_for(num_blocks(num_images), static_cast<int>(tensors.size()), run_block);
}

}  // namespace deepaxe::calibrate
