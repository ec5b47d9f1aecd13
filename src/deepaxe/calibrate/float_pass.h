// Float pass: all tensors of a float network, image after image, shown to whoever measures them.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "deepaxe/engine/float_engine.h"

namespace deepaxe::calibrate {

/// One image's tensors. Images of one block are visited in order by one thread: a sum kept for each
/// block, added up in the order of the blocks, does not depend on the number of threads.
struct FloatVisit {
  std::size_t image = 0;
  std::size_t block = 0;
  int worker = 0;                                  ///< In [0, num_workers(num_threads)).
  const std::vector<std::vector<float>>& tensors;  ///< [node], up to the last one asked for.
};

std::size_t num_workers(int num_threads);
std::size_t num_blocks(std::size_t num_images);  ///< At most 256.

/// Runs images [n, input size] up to and including `last_node`, in blocks over the threads; 0: all
/// of the machine. Polls base::check_interrupt.
void for_each_image(const engine::FloatEngine& engine, int last_node, std::span<const float> images,
                    int num_threads, const std::function<void(const FloatVisit&)>& visit);

}  // namespace deepaxe::calibrate
