#include "deepaxe/engine/int8_engine.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/engine/int8_plan.h"
#include "deepaxe/kernel/reference/convolution.h"
#include "deepaxe/kernel/table/pool.h"
#include "deepaxe/kernel/table/table_layer.h"

namespace deepaxe::engine {
namespace {

namespace reference = kernel::reference;

// Images of one call of a kernel: enough to share a panel, few enough to stay in the caches.

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

}  // namespace

struct Int8Engine::Impl {
  struct Node {
    Step step;
    std::size_t size = 0;
    std::unique_ptr<kernel::table::TableLayer> table;  // Of computing nodes, with kTable.
  };

  Impl(model::Int8Model given, KernelKind kernels, kernel::Isa given_isa);
  const Node& node(int index) const;
  const kernel::ComputingLayer& computing_layer(int index) const;
  void run(const Node& node, const kernel::ComputingLayer& layer, int batch,
           std::span<const std::int8_t* const> inputs, kernel::MultiplierSpan multipliers,
           std::int8_t* output) const;

  model::Int8Model model;
  KernelKind kind;
  kernel::Isa isa;
  int logits;
  kernel::table::PanelCache cache;
  std::vector<Node> nodes;  // Never resized: the table layers refer to the steps.
  std::mutex windows_mutex;
  std::map<int, std::unique_ptr<kernel::table::WindowLayer>> windows;  // Of those asked for.
};

Int8Engine::Impl::Impl(model::Int8Model given, KernelKind kernels, kernel::Isa given_isa)
    : model(std::move(given)), kind(kernels), isa(given_isa), logits(model::logits_node(model)) {
  nodes.resize(model.nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].size = model::num_elements(model.nodes[i].shape);
    if (static_cast<int>(i) > logits) continue;
    nodes[i].step = plan_step(model, static_cast<int>(i));
    const auto* layer = std::get_if<kernel::ComputingLayer>(&nodes[i].step);
    if (layer == nullptr || kind != KernelKind::kTable) continue;
    nodes[i].table = std::make_unique<kernel::table::TableLayer>(
        *layer, cache,
        kernel::table::TableOptions{
            .loops = kernel::table::hot_loops(isa), .path = {}, .sizes = {}});
  }
}

const Int8Engine::Impl::Node& Int8Engine::Impl::node(int index) const {
  return nodes.at(to_size(index));
}

const kernel::ComputingLayer& Int8Engine::Impl::computing_layer(int index) const {
  const auto* layer = std::get_if<kernel::ComputingLayer>(&node(index).step);
  if (layer == nullptr) {
    throw std::invalid_argument("node " + std::to_string(index) + " is not a computing layer");
  }
  return *layer;
}

void Int8Engine::Impl::run(const Node& node, const kernel::ComputingLayer& layer, int batch,
                           std::span<const std::int8_t* const> inputs,
                           kernel::MultiplierSpan multipliers, std::int8_t* output) const {
  if (multipliers.size() != 1 && multipliers.size() != to_size(layer.geometry.out_c)) {
    throw std::invalid_argument(std::to_string(multipliers.size()) +
                                " multipliers, expected 1 or " +
                                std::to_string(layer.geometry.out_c));
  }
  if (node.table != nullptr) {
    node.table->convolve(multipliers, inputs[0], batch, output);
    return;
  }
  const std::size_t in_size = layer.geometry.in_size();
  for (std::size_t image = 0; image < to_size(batch); ++image) {
    reference::convolve(layer, multipliers, {inputs[0] + image * in_size, in_size},
                        {output + image * node.size, node.size});
  }
}

namespace {

// Executes the steps that do not multiply.
struct Executor {
  std::size_t batch;
  std::span<const std::int8_t* const> inputs;
  std::size_t in_size;   // Of the first input, one image.
  std::size_t out_size;  // One image.
  std::int8_t* output;
  KernelKind kind;
  kernel::Isa isa;  // Of the table kernels.

  // Calls body(input, output) for the spans of each image.
  template <typename Body>
  void for_each_image(Body body) const {
    for (std::size_t image = 0; image < batch; ++image) {
      body(std::span(inputs[0] + image * in_size, in_size),
           std::span(output + image * out_size, out_size));
    }
  }

  void operator()(const std::monostate&) const {
    throw std::invalid_argument("the input and what follows the logits are not run");
  }
  void operator()(const kernel::ComputingLayer&) const {}  // The engine's own.
  void operator()(const CopyStep&) const { std::memcpy(output, inputs[0], batch * out_size); }
  void operator()(const MaxPoolStep& step) const {
    if (kind == KernelKind::kTable) {
      kernel::table::max_pool(step.layer, isa, inputs[0], static_cast<int>(batch), output);
      return;
    }
    for_each_image([&](auto in, auto out) { reference::max_pool(step.layer, in, out); });
  }
  void operator()(const AveragePoolStep& step) const {
    for_each_image([&](auto in, auto out) { reference::average_pool(step.layer, in, out); });
  }
  void operator()(const MeanStep& step) const {
    for_each_image([&](auto in, auto out) { reference::mean(step.layer, in, out); });
  }
  void operator()(const MapStep& step) const {
    for (std::size_t i = 0; i < batch * out_size; ++i) {
      output[i] = step.table[static_cast<std::uint8_t>(inputs[0][i])];
    }
  }
  void operator()(const MoveStep& step) const {
    for_each_image([&](auto in, auto out) { reference::move(step.sources, step.fill, in, out); });
  }
  void operator()(const SoftmaxStep& step) const {
    for (std::size_t row = 0; row < batch * out_size; row += step.depth) {
      quant::softmax(step.scale, {inputs[0] + row, step.depth}, {output + row, step.depth});
    }
  }
  void operator()(const BinaryStep& step) const {
    const auto codes_of = [&](const Operand& operand, std::size_t image) {
      return operand.input < 0 ? operand.constant.data()
                               : inputs[to_size(operand.input)] + image * operand.size;
    };
    for (std::size_t image = 0; image < batch; ++image) {
      const std::int8_t* a = codes_of(step.a, image);
      const std::int8_t* b = codes_of(step.b, image);
      for (std::size_t e = 0; e < out_size; ++e) {
        const std::size_t first = static_cast<std::uint8_t>(a[step.a.source(e)]);
        const std::size_t second = static_cast<std::uint8_t>(b[step.b.source(e)]);
        output[image * out_size + e] = step.table[first << 8 | second];
      }
    }
  }
  void operator()(const ConcatenateStep& step) const {
    std::vector<const std::int8_t*> from(inputs.begin(), inputs.end());
    std::int8_t* to = output;
    while (to != output + batch * out_size) {
      for (std::size_t i = 0; i < from.size(); ++i) {
        to = std::transform(from[i], from[i] + step.runs[i], to, [&](std::int8_t code) {
          return step.tables[i][static_cast<std::uint8_t>(code)];
        });
        from[i] += step.runs[i];
      }
    }
  }
};

}  // namespace

Int8Engine::Int8Engine(model::Int8Model model, KernelKind kernels, kernel::Isa isa)
    : impl_(std::make_unique<Impl>(std::move(model), kernels, isa)) {}
Int8Engine::~Int8Engine() = default;
Int8Engine::Int8Engine(Int8Engine&&) noexcept = default;

const model::Int8Model& Int8Engine::model() const noexcept { return impl_->model; }
int Int8Engine::num_nodes() const noexcept { return static_cast<int>(impl_->nodes.size()); }
int Int8Engine::logits_node() const noexcept { return impl_->logits; }
int Int8Engine::num_classes() const noexcept { return static_cast<int>(node_size(impl_->logits)); }
std::size_t Int8Engine::node_size(int node) const noexcept {
  return impl_->nodes[to_size(node)].size;
}
const kernel::ComputingLayer& Int8Engine::computing_layer(int node) const {
  return impl_->computing_layer(node);
}

void Int8Engine::run_node(int node, int batch, std::span<const std::int8_t* const> inputs,
                          kernel::MultiplierSpan multipliers, std::int8_t* output) const {
  const Impl::Node& planned = impl_->node(node);
  if (const auto* layer = std::get_if<kernel::ComputingLayer>(&planned.step)) {
    impl_->run(planned, *layer, batch, inputs, multipliers, output);
    return;
  }
  const std::vector<int>& sources = impl_->model.nodes[to_size(node)].inputs;
  std::visit(Executor{.batch = to_size(batch),
                      .inputs = inputs,
                      .in_size = sources.empty() ? 0 : node_size(sources.front()),
                      .out_size = planned.size,
                      .output = output,
                      .kind = impl_->kind,
                      .isa = impl_->isa},
             planned.step);
}

void Int8Engine::accumulate_node(int node, const std::int8_t* input,
                                 kernel::MultiplierSpan multipliers,
                                 std::int32_t* accumulators) const {
  const kernel::ComputingLayer& layer = impl_->computing_layer(node);
  const Impl::Node& planned = impl_->node(node);
  if (planned.table != nullptr) {
    planned.table->accumulate(multipliers, input, 1, accumulators);
    return;
  }
  reference::accumulate(layer, multipliers, {input, layer.geometry.in_size()},
                        {accumulators, planned.size});
}

const kernel::table::WindowLayer* Int8Engine::window_layer(int node) const {
  const kernel::ComputingLayer& layer = impl_->computing_layer(node);
  const kernel::ConvGeometry& g = layer.geometry;
  if (impl_->kind != KernelKind::kTable || g.groups > 1 || g.out_h * g.out_w == 1) return nullptr;
  const std::scoped_lock lock(impl_->windows_mutex);
  std::unique_ptr<kernel::table::WindowLayer>& windows = impl_->windows[node];
  if (windows == nullptr) {
    windows = std::make_unique<kernel::table::WindowLayer>(layer, impl_->cache,
                                                           kernel::table::hot_loops(impl_->isa));
  }
  return windows.get();
}

kernel::table::Choice Int8Engine::explain(int node, kernel::MultiplierSpan multipliers,
                                          int batch) const {
  impl_->computing_layer(node);  // Throws for any other node.
  DEEPAXE_ASSERT(impl_->kind == KernelKind::kTable);
  return impl_->node(node).table->explain(multipliers, batch);
}

std::vector<std::vector<std::int8_t>> Int8Engine::run_all(
    const Assignment& assignment, int batch, std::span<const std::int8_t> images) const {
  std::vector<std::vector<std::int8_t>> tensors;
  run_all_into(assignment, batch, images, tensors);
  return tensors;
}

void Int8Engine::run_all_into(const Assignment& assignment, int batch,
                              std::span<const std::int8_t> images,
                              std::vector<std::vector<std::int8_t>>& tensors) const {
  if (images.size() != to_size(batch) * node_size(0)) {
    throw std::invalid_argument(std::to_string(images.size()) + " codes, expected " +
                                std::to_string(to_size(batch) * node_size(0)));
  }
  tensors.resize(impl_->nodes.size());
  tensors[0].assign(images.begin(), images.end());
  std::vector<const std::int8_t*> inputs;
  std::size_t layer = 0;
  for (std::size_t node = 1; node <= to_size(impl_->logits); ++node) {
    inputs.clear();
    for (const int source : impl_->model.nodes[node].inputs) {
      inputs.push_back(tensors[to_size(source)].data());
    }
    const bool computing = std::holds_alternative<kernel::ComputingLayer>(impl_->nodes[node].step);
    const arith::Multiplier* multiplier =
        computing ? &assignment.multipliers.at(layer++)->multiplier : nullptr;
    tensors[node].resize(to_size(batch) * impl_->nodes[node].size);
    run_node(static_cast<int>(node), batch, inputs, {&multiplier, 1}, tensors[node].data());
  }
}

int argmax(std::span<const std::int8_t> logits) noexcept {
  return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

Evaluation evaluate(const Int8Engine& engine, const Assignment& assignment,
                    std::span<const std::int8_t> images, std::span<const int> labels,
                    int num_threads) {
  const std::size_t image_size = engine.node_size(0);
  const std::size_t num_images = images.size() / image_size;
  const std::size_t num_classes = to_size(engine.num_classes());
  if (images.size() != num_images * image_size ||
      (!labels.empty() && labels.size() != num_images)) {
    throw std::invalid_argument("images or labels of a wrong size");
  }
  Evaluation result{.logits = std::vector<std::int8_t>(num_images * num_classes),
                    .predictions = std::vector<int>(num_images)};
  const int num_workers = num_threads > 0 ? num_threads : base::default_thread_count();
  std::vector<std::vector<std::vector<std::int8_t>>> tensors_of(to_size(num_workers));
  const std::size_t num_batches = (num_images + kEvaluationBatch - 1) / kEvaluationBatch;
  base::parallel_for(num_batches, num_workers, [&](std::size_t index, int worker) {
    base::check_interrupt();
    const std::size_t first = index * kEvaluationBatch;
    const std::size_t count = std::min(kEvaluationBatch, num_images - first);
    auto& tensors = tensors_of[to_size(worker)];
    engine.run_all_into(assignment, static_cast<int>(count),
                        images.subspan(first * image_size, count * image_size), tensors);
    std::copy_n(tensors[to_size(engine.logits_node())].begin(), count * num_classes,
                result.logits.begin() + static_cast<std::ptrdiff_t>(first * num_classes));
  });
  for (std::size_t image = 0; image < num_images; ++image) {
    result.predictions[image] =
        argmax(std::span(result.logits).subspan(image * num_classes, num_classes));
    result.correct += !labels.empty() && result.predictions[image] == labels[image] ? 1 : 0;
  }
  return result;
}

}  // namespace deepaxe::engine
