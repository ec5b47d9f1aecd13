#include "kernel_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/kernel/isa.h"
#include "deepaxe/kernel/table/table_layer.h"

namespace deepaxe::conformance {
namespace {

using Tensors = std::vector<std::vector<std::int8_t>>;

std::size_t to_size(int value) { return static_cast<std::size_t>(value); }

// The part of `expected` that belongs to images [first, first + count).
std::span<const std::int8_t> images_of(const std::vector<std::int8_t>& expected, std::size_t size,
                                       std::size_t first, std::size_t count) {
  return std::span(expected).subspan(first * size, count * size);
}

// One engine, one batch size, all images.
std::string difference_in_batches(const engine::Int8Engine& engine,
                                  std::span<const std::int8_t> images, std::size_t batch,
                                  const Tensors& expected) {
  const auto assignment = engine::exact_assignment(engine.model());
  const std::size_t image_size = engine.node_size(0);
  const std::size_t num_images = images.size() / image_size;
  for (std::size_t first = 0; first < num_images; first += batch) {
    const std::size_t count = std::min(batch, num_images - first);
    const Tensors found = engine.run_all(assignment, static_cast<int>(count),
                                         images.subspan(first * image_size, count * image_size));
    for (std::size_t node = 0; node < found.size(); ++node) {
      if (found[node].empty()) continue;
      const std::size_t size = engine.node_size(static_cast<int>(node));
      if (!std::ranges::equal(found[node], images_of(expected[node], size, first, count))) {
        return fmt::format("layer {}, batches of {}", engine.model().nodes[node].name, batch);
      }
    }
  }
  return "";
}

// Every computing layer by every path, fed with the tensors of the reference kernels.
std::string difference_by_path(const engine::Int8Engine& engine, int batch, kernel::Isa isa,
                               const Tensors& expected) {
  using kernel::table::Path;
  const auto exact = engine::exact_assignment(engine.model());
  for (const int node : model::computing_nodes(engine.model())) {
    if (node > engine.logits_node()) continue;
    const arith::Multiplier* multiplier = &exact.multipliers.front()->multiplier;
    const int input = engine.model().nodes[to_size(node)].inputs.front();
    for (const Path path :
         {Path::kCachedPanel, Path::kScratchPanel, Path::kDirect, Path::kColumns}) {
      kernel::table::PanelCache cache;
      const kernel::table::TableLayer layer(engine.computing_layer(node), cache,
                                            {kernel::table::hot_loops(isa), path, {}});
      std::vector<std::int8_t> found(expected[to_size(node)].size());
      layer.convolve({&multiplier, 1}, expected[to_size(input)].data(), batch, found.data());
      if (found != expected[to_size(node)]) {
        return fmt::format("layer {}, path {}", engine.model().nodes[to_size(node)].name,
                           static_cast<int>(path));
      }
    }
  }
  return "";
}

// More images than one batch of engine::evaluate holds, so that threads share the work.
std::string difference_on_threads(const engine::Int8Engine& engine,
                                  std::span<const std::int8_t> images, const Tensors& expected) {
  constexpr std::size_t kRepetitions = 25;
  const std::vector<std::int8_t>& logits = expected[to_size(engine.logits_node())];
  std::vector<std::int8_t> many_images;
  std::vector<std::int8_t> many_logits;
  for (std::size_t i = 0; i < kRepetitions; ++i) {
    many_images.insert(many_images.end(), images.begin(), images.end());
    many_logits.insert(many_logits.end(), logits.begin(), logits.end());
  }
  for (const int threads : {1, 2, 3}) {
    const auto found = engine::evaluate(engine, engine::exact_assignment(engine.model()),
                                        many_images, {}, threads);
    if (found.logits != many_logits) return fmt::format("logits on {} threads", threads);
  }
  return "";
}

}  // namespace

std::vector<std::vector<std::int8_t>> reference_tensors(const model::Int8Model& model,
                                                        std::span<const std::int8_t> images) {
  const engine::Int8Engine engine(model, engine::KernelKind::kReference);
  const auto num_images = static_cast<int>(images.size() / engine.node_size(0));
  return engine.run_all(engine::exact_assignment(model), num_images, images);
}

std::string find_difference(const model::Int8Model& model, std::span<const std::int8_t> images,
                            const std::vector<std::vector<std::int8_t>>& expected) {
  for (const kernel::Isa isa : kernel::available_isas()) {
    const engine::Int8Engine engine(model, engine::KernelKind::kTable, isa);
    const std::size_t num_images = images.size() / engine.node_size(0);
    std::string found;
    for (const std::size_t batch : {std::size_t{1}, std::size_t{4}, num_images}) {
      if (found.empty()) found = difference_in_batches(engine, images, batch, expected);
    }
    if (found.empty()) {
      found = difference_by_path(engine, static_cast<int>(num_images), isa, expected);
    }
    if (found.empty()) found = difference_on_threads(engine, images, expected);
    if (!found.empty()) return fmt::format("{} ({})", found, kernel::isa_name(isa));
  }
  return "";
}

}  // namespace deepaxe::conformance
