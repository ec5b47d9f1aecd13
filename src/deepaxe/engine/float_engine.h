// FloatEngine: the float32 reference that proves an import and measures ranges for quantization.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

/// A float model prepared once (weights laid out for the loops) and run many times. Immutable and
/// thread-safe. Sums run in a fixed order, so results do not depend on threads or batches.
class FloatEngine {
 public:
  /// Keeps a copy of the model, which must be valid (model::validate).
  explicit FloatEngine(model::FloatModel model);

  const model::FloatModel& model() const noexcept { return model_; }
  int logits_node() const noexcept { return logits_node_; }
  int num_classes() const noexcept;

  /// All tensors of one image: result[node].
  std::vector<std::vector<float>> run(std::span<const float> image) const;

  /// As run, up to and including `last_node`, into storage that is used again.
  void run_until(int last_node, std::span<const float> image,
                 std::vector<std::vector<float>>& tensors) const;

 private:
  void run_node(std::size_t index, std::vector<std::vector<float>>& tensors) const;

  model::FloatModel model_;
  int logits_node_;
  /// Of convolutions [group][kernel_h][kernel_w][in / groups][out / groups], of dense [in][out].
  std::vector<std::vector<float>> packed_weights_;
};

/// FloatEngine(model).run(image).
std::vector<std::vector<float>> run_float(const model::FloatModel& model,
                                          std::span<const float> image);

struct FloatEvaluation {
  std::vector<float> logits;     ///< [images, classes], before softmax.
  std::vector<int> predictions;  ///< First maximum wins.
  std::int64_t correct = 0;
};

/// images [n, input size], already preprocessed. labels may be empty. Polls base::check_interrupt.
/// Throws std::invalid_argument if the images do not fit the model or the labels the images.
FloatEvaluation evaluate_float(const FloatEngine& engine, std::span<const float> images,
                               std::span<const int> labels, int num_threads);
FloatEvaluation evaluate_float(const model::FloatModel& model, std::span<const float> images,
                               std::span<const int> labels, int num_threads);

}  // namespace deepaxe::engine
