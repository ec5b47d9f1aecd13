// Int8Engine: runs an int8 model, node by node or whole, with any multipliers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/isa.h"
#include "deepaxe/kernel/table/table_layer.h"
#include "deepaxe/kernel/table/window_layer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

/// Which kernels run the computing layers; every one gives the same bytes.
enum class KernelKind { kReference, kTable };

/// A model prepared for execution: geometry worked out, zero points folded. Immutable and
/// thread-safe; the multipliers are arguments of each call. Keeps a copy of the model.
class Int8Engine {
 public:
  /// `isa` is that of the table kernels. Throws base::InputError for a node that has no int8
  /// kernel.
  explicit Int8Engine(model::Int8Model model, KernelKind kernels = KernelKind::kTable,
                      kernel::Isa isa = kernel::active_isa());
  ~Int8Engine();
  Int8Engine(Int8Engine&&) noexcept;

  const model::Int8Model& model() const noexcept;
  int num_nodes() const noexcept;
  int logits_node() const noexcept;
  int num_classes() const noexcept;
  std::size_t node_size(int node) const noexcept;  ///< Elements of one image's tensor.

  /// Of a computing node: the layer as the kernels see it.
  const kernel::ComputingLayer& computing_layer(int node) const;

  /// Computes one node for `batch` images. inputs[i] is the tensor of node.inputs[i],
  /// [batch, node_size]; `multipliers` (one, or one per output channel) is used by computing nodes
  /// only. Reshape copies.
  void run_node(int node, int batch, std::span<const std::int8_t* const> inputs,
                kernel::MultiplierSpan multipliers, std::int8_t* output) const;

  /// Accumulators of a computing node for one image, before requantization.
  void accumulate_node(int node, const std::int8_t* input, kernel::MultiplierSpan multipliers,
                       std::int32_t* accumulators) const;

  /// Of a computing node: its kernels for a few of its output positions. Null where it has one
  /// position or several groups, and with KernelKind::kReference. Made when first asked for; lives
  /// as long as the engine.
  const kernel::table::WindowLayer* window_layer(int node) const;

  /// How the kernels compute a computing node for `batch` images, and why; with KernelKind::kTable.
  kernel::table::Choice explain(int node, kernel::MultiplierSpan multipliers, int batch) const;

  /// All tensors of `batch` images: result[node] is [batch, node_size]; nodes after the logits are
  /// left empty. images [batch, input size] in codes of the input node.
  std::vector<std::vector<std::int8_t>> run_all(const Assignment& assignment, int batch,
                                                std::span<const std::int8_t> images) const;
  /// The same into memory that the caller keeps from call to call: nothing is allocated once it has
  /// grown. `tensors` may be empty or the result of any earlier call.
  void run_all_into(const Assignment& assignment, int batch, std::span<const std::int8_t> images,
                    std::vector<std::vector<std::int8_t>>& tensors) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// First maximum wins.
int argmax(std::span<const std::int8_t> logits) noexcept;

struct Evaluation {
  std::vector<std::int8_t> logits;  ///< [images, classes]
  std::vector<int> predictions;     ///< [images]
  std::int64_t correct = 0;         ///< Against labels, where given.
};

/// Images that evaluate runs at a time.
inline constexpr std::size_t kEvaluationBatch = 64;

/// Runs all images, in batches over `num_threads`; polls base::check_interrupt.
/// labels may be empty. The same bytes for any number of threads.
Evaluation evaluate(const Int8Engine& engine, const Assignment& assignment,
                    std::span<const std::int8_t> images, std::span<const int> labels,
                    int num_threads);

}  // namespace deepaxe::engine
