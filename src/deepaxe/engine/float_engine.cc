#include "deepaxe/engine/float_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/engine/float_kernels.h"

namespace deepaxe::engine {

FloatEngine::FloatEngine(model::FloatModel model)
    : model_(std::move(model)), logits_node_(model::logits_node(model_)) {
  packed_weights_.resize(model_.nodes.size());
  for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
    const model::FloatNode& node = model_.nodes[i];
    if (!model::is_computing(node.op)) continue;
    const auto input = static_cast<std::size_t>(node.inputs.at(0));
    packed_weights_[i] = pack_weights(node, model_.nodes[input].shape);
  }
}

int FloatEngine::num_classes() const noexcept {
  const model::Shape& shape = model_.nodes[static_cast<std::size_t>(logits_node_)].shape;
  return static_cast<int>(model::num_elements(shape));
}

std::vector<std::vector<float>> FloatEngine::run(std::span<const float> image) const {
  std::vector<std::vector<float>> tensors;
  run_until(static_cast<int>(model_.nodes.size()) - 1, image, tensors);
  return tensors;
}

void FloatEngine::run_until(int last_node, std::span<const float> image,
                            std::vector<std::vector<float>>& tensors) const {
  const std::size_t expected = model::num_elements(model_.input_shape());
  if (image.size() != expected) {
    throw std::invalid_argument(
        fmt::format("image of {} values, expected {}", image.size(), expected));
  }
  tensors.resize(model_.nodes.size());
  tensors[0].assign(image.begin(), image.end());
  for (std::size_t i = 1; i <= static_cast<std::size_t>(last_node); ++i) run_node(i, tensors);
}

void FloatEngine::run_node(std::size_t index, std::vector<std::vector<float>>& tensors) const {
  const model::FloatNode& node = model_.nodes[index];
  FloatInputs inputs;
  for (const int input : node.inputs) {
    const auto at = static_cast<std::size_t>(input);
    inputs.data.push_back(tensors[at].data());
    inputs.shapes.push_back(&model_.nodes[at].shape);
  }
  tensors[index].resize(model::num_elements(node.shape));
  run_float_node(node, inputs, packed_weights_[index], tensors[index].data());
}

std::vector<std::vector<float>> run_float(const model::FloatModel& model,
                                          std::span<const float> image) {
  return FloatEngine(model).run(image);
}

FloatEvaluation evaluate_float(const FloatEngine& engine, std::span<const float> images,
                               std::span<const int> labels, int num_threads) {
  const std::size_t image_size = model::num_elements(engine.model().input_shape());
  const std::size_t num_images = images.size() / image_size;
  if (images.size() % image_size != 0 || (!labels.empty() && labels.size() != num_images)) {
    throw std::invalid_argument(fmt::format("{} values and {} labels for images of {} values",
                                            images.size(), labels.size(), image_size));
  }
  const auto num_classes = static_cast<std::size_t>(engine.num_classes());
  const auto logits_node = static_cast<std::size_t>(engine.logits_node());
  FloatEvaluation result;
  result.logits.resize(num_images * num_classes);
  result.predictions.resize(num_images);
  const int threads = num_threads > 0 ? num_threads : base::default_thread_count();
  std::vector<std::vector<std::vector<float>>> tensors(static_cast<std::size_t>(threads));
  base::parallel_for(num_images, threads, [&](std::size_t i, int worker) {
    base::check_interrupt();
    auto& own = tensors[static_cast<std::size_t>(worker)];
    engine.run_until(engine.logits_node(), images.subspan(i * image_size, image_size), own);
    const std::vector<float>& logits = own[logits_node];
    std::copy(logits.begin(), logits.end(),
              result.logits.begin() + static_cast<std::ptrdiff_t>(i * num_classes));
    result.predictions[i] =
        static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  });
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (result.predictions[i] == labels[i]) ++result.correct;
  }
  return result;
}

FloatEvaluation evaluate_float(const model::FloatModel& model, std::span<const float> images,
                               std::span<const int> labels, int num_threads) {
  return evaluate_float(FloatEngine(model), images, labels, num_threads);
}

}  // namespace deepaxe::engine
