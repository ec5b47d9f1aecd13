// Accuracy of many designs at once: what neighbouring designs share is computed once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/design_space.h"

namespace deepaxe::explore {

struct AccuracyParams {
  int num_threads = 0;
  int batch = 32;  ///< Images computed together; no result depends on it.
  std::function<void(std::uint64_t image_designs)> progress;  ///< From any thread; may be empty.
};

struct AccuracyStats {
  std::vector<std::int64_t> correct;  ///< correct[i] of the i-th design given.
  std::uint64_t node_images = 0;      ///< Nodes computed, times images.
};

/// Counts right answers of the designs `order` selects, in that order. Walks the tree of common
/// prefixes depth first: of each design only the nodes are computed that read something that
/// differs from the design before it, hence the order of depth_first_order is the cheapest.
/// Keeps one tensor per node and thread, never logits. images [n, input size] in codes.
/// The same counts for any threads, batch and order. Polls base::check_interrupt.
AccuracyStats count_correct(const engine::Int8Engine& engine, const DesignSpace& space,
                            std::span<const std::size_t> order, std::span<const std::int8_t> images,
                            std::span<const int> labels, const AccuracyParams& params);

}  // namespace deepaxe::explore
