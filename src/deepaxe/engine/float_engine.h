// FloatEngine: the float32 reference that proves an import and measures ranges for quantization.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

/// All tensors of one image: result[node]. Plain loops in a fixed order; deterministic.
std::vector<std::vector<float>> run_float(const model::FloatModel& model,
                                          std::span<const float> image);

struct FloatEvaluation {
  std::vector<float> logits;     ///< [images, classes], before softmax.
  std::vector<int> predictions;  ///< First maximum wins.
  std::int64_t correct = 0;
};

/// images [n, input size], already preprocessed. labels may be empty.
FloatEvaluation evaluate_float(const model::FloatModel& model, std::span<const float> images,
                               std::span<const int> labels, int num_threads);

}  // namespace deepaxe::engine
