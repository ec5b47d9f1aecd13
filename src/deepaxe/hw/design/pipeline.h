// Pipeline: the generated engine with its layers at work on different images.
//
// Between a layer and each of its readers lies a queue of images. A layer begins an image when it
// has written the last one and all its queues have a free slot; within an image rows are read as
// soon as they are written, as in the sequential engine (schedule.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/schedule.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// What the layers work on at a time: all on one image, or each on an image of its own.
enum class ImageSchedule { kSequential, kPipelined };

/// Images between a node and one of its readers.
struct ImageQueue {
  static constexpr int kShell = -1;  ///< The reader of the logits.

  int writer = 0;  ///< Node: the input or that of a layer.
  int reader = 0;  ///< Node of a layer, or kShell.
  /// Images it can hold, the one that is written and the one that is read included: as many as the
  /// longest way from writer to reader has layers, both ends included, 2 at least. Fewer would let
  /// a way round a branch wait for the branch.
  int slots = 2;

  bool operator==(const ImageQueue&) const = default;
};

/// By writer in the order of the plan, the input first; readers of one writer in that order too.
std::vector<ImageQueue> image_queues(const DesignPlan& plan);

/// Cycles from image to image once the pipeline is full, and what takes them.
struct PipelineInterval {
  std::int64_t cycles = 0;
  std::string stage;  ///< Name of the node, "input" or "output".
};

/// The largest of: codes of an image (they come one a cycle); of each layer the cycles of an image
/// if it never waits + 1 (LayerWalk::image_cycles); kCyclesPerLogit for each logit.
/// Why no stage slows another: let stage v at distance d(v) from the input work on image k in the
/// d(v) + k th interval. Then what it reads is written, and with the slots of image_queues there is
/// room for what it writes; and the engine, which never waits longer, is not slower than that.
/// Throws as check_parallel_outputs.
PipelineInterval pipeline_interval(const model::Int8Model& model,
                                   std::span<const int> parallel_outputs);

/// Of one image; cycle 0 is that in which the first code of the first image is taken.
struct ImageCycles {
  std::int64_t first_code = 0;
  std::int64_t last_sent = 0;       ///< The last logit leaves.
  std::vector<LayerCycles> layers;  ///< [node], as that of `schedule`.
  /// [node][row of its output], as that of row_starts().
  std::vector<std::vector<std::int64_t>> row_starts;
};

/// Of a host that sends codes and takes logits whenever it can, by images. A layer that needs no
/// row of its input for its first one has read before cycle 0: it begins at the reset.
/// Throws as check_parallel_outputs.
std::vector<ImageCycles> pipeline_schedule(const model::Int8Model& model,
                                           std::span<const int> parallel_outputs, int num_images);

/// An image after which all others are the same, one interval later each: the queues before the
/// slowest stage are full, as far as a stage's lead lets them. A stage that is faster by few cycles
/// takes many images to get there; after 200,000 the last one is returned as it is.
/// Throws as check_parallel_outputs.
ImageCycles settled_image(const model::Int8Model& model, std::span<const int> parallel_outputs);

/// Cycles of an image alone in the pipeline, from its first code to its last logit's write.
std::int64_t pipeline_latency(const model::Int8Model& model, std::span<const int> parallel_outputs);

}  // namespace deepaxe::hw::design
