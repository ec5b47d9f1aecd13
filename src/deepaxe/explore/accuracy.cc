#include "deepaxe/explore/accuracy.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/parallel.h"

namespace deepaxe::explore {
namespace {

// The tensors of one batch along the current path of the prefix tree.
class PrefixWalker {
 public:
  PrefixWalker(const engine::Int8Engine& engine, const DesignSpace& space)
      : engine_(engine),
        space_(space),
        layer_of_node_(static_cast<std::size_t>(engine.num_nodes()), -1),
        tensors_(layer_of_node_.size()),
        stale_(layer_of_node_.size()) {
    int layer = 0;
    for (const int node : model::computing_nodes(engine.model())) {
      layer_of_node_[static_cast<std::size_t>(node)] = layer++;
    }
  }

  void start_batch(std::span<const std::int8_t> images, int batch) {
    batch_ = batch;
    current_ = nullptr;
    tensors_[0].assign(images.begin(), images.end());
  }

  // Brings the tensors up to the logits in line with `design`.
  void move_to(const Design& design) {
    stale_[0] = current_ == nullptr ? 1 : 0;  // Then everything is computed.
    for (int node = 1; node <= engine_.logits_node(); ++node) {
      const auto n = static_cast<std::size_t>(node);
      stale_[n] = is_stale(n, design) ? 1 : 0;
      if (stale_[n] != 0) compute(node, design);
    }
    current_ = &design;
  }

  // Right answers of the current design.
  std::int64_t count_correct(std::span<const int> labels) const {
    const auto classes = static_cast<std::size_t>(engine_.num_classes());
    const std::span<const std::int8_t> logits =
        tensors_[static_cast<std::size_t>(engine_.logits_node())];
    std::int64_t correct = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      correct += engine::argmax(logits.subspan(i * classes, classes)) == labels[i];
    }
    return correct;
  }

  std::uint64_t node_images() const noexcept { return node_images_; }

 private:
  bool is_stale(std::size_t node, const Design& design) const {
    const int layer = layer_of_node_[node];
    if (current_ == nullptr) return true;
    if (layer >= 0) {
      const auto l = static_cast<std::size_t>(layer);
      if (current_->choices[l] != design.choices[l]) return true;
    }
    const std::vector<int>& inputs = engine_.model().nodes[node].inputs;
    return std::any_of(inputs.begin(), inputs.end(),
                       [this](int input) { return stale_[static_cast<std::size_t>(input)] != 0; });
  }

  void compute(int node, const Design& design) {
    const auto n = static_cast<std::size_t>(node);
    inputs_.clear();
    for (const int input : engine_.model().nodes[n].inputs) {
      inputs_.push_back(tensors_[static_cast<std::size_t>(input)].data());
    }
    const int layer = layer_of_node_[n];
    const std::size_t choice = layer < 0 ? 0 : design.choices[static_cast<std::size_t>(layer)];
    const std::array<const arith::Multiplier*, 1> multiplier = {
        &space_.choices[choice]->multiplier};
    tensors_[n].resize(static_cast<std::size_t>(batch_) * engine_.node_size(node));
    engine_.run_node(node, batch_, inputs_, multiplier, tensors_[n].data());
    node_images_ += static_cast<std::uint64_t>(batch_);
  }

  const engine::Int8Engine& engine_;
  const DesignSpace& space_;
  std::vector<int> layer_of_node_;                 // [node]; -1: does not compute.
  std::vector<std::vector<std::int8_t>> tensors_;  // [node][batch, node_size]
  std::vector<char> stale_;                        // [node]: differs from the design before.
  std::vector<const std::int8_t*> inputs_;
  const Design* current_ = nullptr;  // Null: nothing is computed yet.
  int batch_ = 0;
  std::uint64_t node_images_ = 0;
};

// Small image sets still keep every thread busy.
std::size_t batch_size(std::size_t num_images, const AccuracyParams& params) {
  const int threads = params.num_threads > 0 ? params.num_threads : base::default_thread_count();
  const std::size_t share = num_images / (static_cast<std::size_t>(threads) * 4);
  return std::clamp<std::size_t>(share, 1, static_cast<std::size_t>(std::max(params.batch, 1)));
}

}  // namespace

AccuracyStats count_correct(const engine::Int8Engine& engine, const DesignSpace& space,
                            std::span<const std::size_t> order, std::span<const std::int8_t> images,
                            std::span<const int> labels, const AccuracyParams& params) {
  const std::size_t image_size = engine.node_size(0);
  if (images.size() != labels.size() * image_size) {
    throw std::invalid_argument("count_correct: images and labels disagree in number");
  }
  const std::size_t batch = batch_size(labels.size(), params);
  const std::size_t num_batches = (labels.size() + batch - 1) / batch;
  std::vector<std::vector<std::int64_t>> correct(num_batches);  // [batch][design]
  std::vector<std::uint64_t> node_images(num_batches);
  base::parallel_for(num_batches, params.num_threads, [&](std::size_t b, int) {
    const std::size_t first = b * batch;
    const std::size_t size = std::min(batch, labels.size() - first);
    PrefixWalker walker(engine, space);
    walker.start_batch(images.subspan(first * image_size, size * image_size),
                       static_cast<int>(size));
    for (const std::size_t design : order) {
      base::check_interrupt();
      walker.move_to(space.designs[design]);
      correct[b].push_back(walker.count_correct(labels.subspan(first, size)));
      if (params.progress) params.progress(size);
    }
    node_images[b] = walker.node_images();
  });
  AccuracyStats stats;
  stats.correct.assign(order.size(), 0);
  for (std::size_t b = 0; b < num_batches; ++b) {
    for (std::size_t i = 0; i < order.size(); ++i) stats.correct[i] += correct[b][i];
    stats.node_images += node_images[b];
  }
  return stats;
}

}  // namespace deepaxe::explore
