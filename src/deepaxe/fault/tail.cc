#include "deepaxe/fault/tail.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/weight_planes.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::fault {
namespace {

bool is_run(const model::Int8Model& model, const std::vector<bool>& needed, int node) {
  const auto i = static_cast<std::size_t>(node);
  return needed[i] && !std::holds_alternative<model::Input>(model.nodes[i].op) &&
         !std::holds_alternative<model::Reshape>(model.nodes[i].op);
}

// Whether a difference of one input reaches few of the outputs: then it is better carried alone.
bool is_local(const model::Int8Node& node) {
  if (std::holds_alternative<model::Pool>(node.op)) return true;
  const auto outputs = model::num_elements(node.shape);
  return model::is_computing(node.op) &&
         outputs > static_cast<std::size_t>(model::num_channels(node.shape));
}

// The first node behind `node` that is run.
int reader_of(const model::Int8Model& model, const std::vector<bool>& needed, int node) {
  do {
    ++node;
  } while (!is_run(model, needed, node));
  return node;
}

// The least node that anything behind `node` reads.
int least_read_behind(const model::Int8Model& model, const std::vector<int>& roots,
                      const std::vector<bool>& needed, int node) {
  int least = model::logits_node(model);
  for (int n = node + 1; n <= model::logits_node(model); ++n) {
    if (!is_run(model, needed, n)) continue;
    for (const int input : model.nodes[static_cast<std::size_t>(n)].inputs) {
      least = std::min(least, roots[static_cast<std::size_t>(input)]);
    }
  }
  return least;
}

}  // namespace

Tail::Tail(const engine::Int8Engine& engine,
           std::vector<std::vector<const arith::Multiplier*>> multipliers_by_node)
    : engine_(engine),
      multipliers_(std::move(multipliers_by_node)),
      roots_(storage_roots(engine.model())) {
  const model::Int8Model& model = engine.model();
  const std::vector<bool> needed = needed_nodes(model);
  std::int64_t macs = 0;
  for (int node = roots_[static_cast<std::size_t>(engine.logits_node())] - 1; node > 0; --node) {
    macs += model::num_macs(model, node + 1);
    if (macs > kMostMacs || is_local(model.nodes[static_cast<std::size_t>(node) + 1])) break;
    if (!is_run(model, needed, node) || least_read_behind(model, roots_, needed, node) != node) {
      continue;
    }
    const bool few_differ = is_local(model.nodes[static_cast<std::size_t>(node)]);
    const int reader = reader_of(model, needed, node);
    if (!few_differ || !costs_less_by_rows(reader)) entries_.insert(entries_.begin(), node);
  }
  entry_of_node_.assign(model.nodes.size(), -1);
  if (entries_.empty()) return;
  for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
    entry_of_node_[static_cast<std::size_t>(entries_[entry])] = static_cast<int>(entry);
  }
  for (int node = cut() + 1; node <= engine.logits_node(); ++node) {
    if (is_run(model, needed, node)) nodes_.push_back(node);
  }
}

// Of a few changed inputs: products that have to be looked up one by one take too long.
bool Tail::costs_less_by_rows(int node) const {
  return model::num_macs(engine_.model(), node) > kMostMacsOfFew &&
         common_terms(multipliers_[static_cast<std::size_t>(node)]).has_value();
}

std::span<const std::int8_t> Tail::run(std::size_t entry, std::span<const std::int8_t> inputs,
                                       TailBuffers& buffers) const {
  const int start = entries_.at(entry);
  const std::size_t batch = inputs.size() / engine_.node_size(start);
  DEEPAXE_ASSERT(batch > 0 && inputs.size() == batch * engine_.node_size(start));
  buffers.tensors.resize(roots_.size());
  std::vector<const std::int8_t*> sources;
  for (const int node : nodes_) {
    if (node <= start) continue;
    sources.clear();
    for (const int input : engine_.model().nodes[static_cast<std::size_t>(node)].inputs) {
      const int root = roots_[static_cast<std::size_t>(input)];
      sources.push_back(root == start ? inputs.data()
                                      : buffers.tensors[static_cast<std::size_t>(root)].data());
    }
    std::vector<std::int8_t>& output = buffers.tensors[static_cast<std::size_t>(node)];
    output.resize(batch * engine_.node_size(node));
    engine_.run_node(node, static_cast<int>(batch), sources,
                     multipliers_[static_cast<std::size_t>(node)], output.data());
  }
  return buffers.tensors[static_cast<std::size_t>(nodes_.back())];
}

}  // namespace deepaxe::fault
