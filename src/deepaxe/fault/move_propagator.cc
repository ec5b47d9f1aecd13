// Differences through nodes that only move elements: padding, slices, permutation, concatenation.
#include <utility>
#include <variant>

#include "deepaxe/engine/int8_plan.h"
#include "deepaxe/fault/propagator.h"

namespace deepaxe::fault {
namespace {

constexpr std::int64_t kNowhere = -1;

// Where the elements of one input go in the output. Each goes to one place at most.
using Destinations = std::vector<std::int64_t>;

Destinations invert(const kernel::reference::Sources& sources, std::size_t in_size) {
  Destinations result(in_size, kNowhere);
  for (std::size_t e = 0; e < sources.size(); ++e) {
    if (sources[e] == kernel::reference::kFill) continue;
    result[static_cast<std::size_t>(sources[e])] = static_cast<std::int64_t>(e);
  }
  return result;
}

// Runs of runs[i] elements of input i in turn.
std::vector<Destinations> destinations(const NodeContext& context,
                                       const engine::ConcatenateStep& step) {
  std::size_t out_run = 0;
  for (const std::size_t run : step.runs) out_run += run;
  std::vector<Destinations> result;
  std::size_t first = 0;
  for (std::size_t i = 0; i < step.runs.size(); ++i) {
    const std::size_t run = step.runs[i];
    Destinations& of_input =
        result.emplace_back(model::num_elements(context.input_node(i).shape), kNowhere);
    for (std::size_t e = 0; e < of_input.size(); ++e) {
      of_input[e] = static_cast<std::int64_t>(e / run * out_run + first + e % run);
    }
    first += run;
  }
  return result;
}

// One for each input; empty where the op is not a move.
std::vector<Destinations> destinations(const NodeContext& context) {
  const engine::Step step = engine::plan_step(context.engine->model(), context.node);
  if (const auto* move = std::get_if<engine::MoveStep>(&step)) {
    return {invert(move->sources, model::num_elements(context.input_node(0).shape))};
  }
  if (const auto* concatenate = std::get_if<engine::ConcatenateStep>(&step)) {
    return destinations(context, *concatenate);
  }
  return {};
}

// True if every input's codes mean the same as the output's, so that a move keeps them.
bool keeps_codes(const NodeContext& context) {
  const model::Int8Node& node = context.graph_node();
  if (node.clamp_low > -128 || node.clamp_high < 127) return false;
  for (std::size_t i = 0; i < context.roots.size(); ++i) {
    if (!(context.input_node(i).quant == node.quant)) return false;
  }
  return true;
}

class MovePropagator final : public Propagator {
 public:
  MovePropagator(const NodeContext& context, std::vector<Destinations> destinations)
      : node_(static_cast<std::size_t>(context.node)),
        roots_(context.roots),
        destinations_(std::move(destinations)) {}

  void propagate(ImageState& state) const override {
    TensorState& output = state.tensors[node_];
    for (std::size_t i = 0; i < roots_.size(); ++i) {
      const TensorState& input = state.tensors[static_cast<std::size_t>(roots_[i])];
      for (const std::uint32_t element : input.changed) {
        const std::int64_t destination = destinations_[i][element];
        if (destination == kNowhere) continue;
        output.set(static_cast<std::uint32_t>(destination), input.faulty[element]);
      }
    }
  }

 private:
  std::size_t node_;
  std::vector<int> roots_;
  std::vector<Destinations> destinations_;  // By input.
};

}  // namespace

std::unique_ptr<Propagator> make_move_propagator(const NodeContext& context) {
  std::vector<Destinations> maps = destinations(context);
  if (maps.empty() || !keeps_codes(context)) return nullptr;
  return std::make_unique<MovePropagator>(context, std::move(maps));
}

}  // namespace deepaxe::fault
