// Differences through nodes whose every output depends on one position of each input: addition and
// pointwise functions.
#include <array>
#include <utility>
#include <variant>

#include "deepaxe/fault/propagator.h"
#include "deepaxe/kernel/reference/elementwise.h"

namespace deepaxe::fault {
namespace {

class AddPropagator final : public Propagator {
 public:
  explicit AddPropagator(const NodeContext& context)
      : node_(static_cast<std::size_t>(context.node)),
        a_(static_cast<std::size_t>(context.roots[0])),
        b_(static_cast<std::size_t>(context.roots[1])),
        layer_(kernel::reference::make_add_layer(
            context.input_node(0).quant, context.input_node(1).quant, context.graph_node().quant)) {
    layer_.clamp_low = context.graph_node().clamp_low;
    layer_.clamp_high = context.graph_node().clamp_high;
  }

  void propagate(ImageState& state) const override {
    TensorState& output = state.tensors[node_];
    state.marks.resize_at_least(output.golden.size());
    state.marks.clear();
    for (const std::size_t root : {a_, b_}) {
      for (const std::uint32_t element : state.tensors[root].changed) {
        if (!state.marks.mark(element)) continue;  // Changed in both operands.
        const std::int8_t value = kernel::reference::add(layer_, state.tensors[a_].faulty[element],
                                                         state.tensors[b_].faulty[element]);
        if (value != output.golden[element]) output.set(element, value);
      }
    }
  }

 private:
  std::size_t node_, a_, b_;
  kernel::reference::AddLayer layer_;
};

class LookupPropagator final : public Propagator {
 public:
  explicit LookupPropagator(const NodeContext& context)
      : node_(static_cast<std::size_t>(context.node)),
        root_(static_cast<std::size_t>(context.roots.front())) {
    // The engine's own function, read off by giving it every code.
    const std::size_t size = context.engine->node_size(context.node);
    std::vector<std::int8_t> input(size), output(size);
    const std::int8_t* inputs[] = {input.data()};
    for (std::size_t first = 0; first < table_.size(); first += size) {
      for (std::size_t e = 0; e < size; ++e) input[e] = static_cast<std::int8_t>(first + e);
      context.engine->run_node(context.node, 1, inputs, {}, output.data());
      for (std::size_t e = 0; e < size && first + e < table_.size(); ++e) {
        table_[first + e] = output[e];
      }
    }
  }

  void propagate(ImageState& state) const override {
    const TensorState& input = state.tensors[root_];
    TensorState& output = state.tensors[node_];
    for (const std::uint32_t element : input.changed) {
      const std::int8_t value = table_[static_cast<std::uint8_t>(input.faulty[element])];
      if (value != output.golden[element]) output.set(element, value);
    }
  }

 private:
  std::size_t node_, root_;
  std::array<std::int8_t, 256> table_{};  // By bit pattern.
};

}  // namespace

std::unique_ptr<Propagator> make_add_propagator(const NodeContext& context) {
  if (!std::holds_alternative<model::Add>(context.graph_node().op)) return nullptr;
  if (context.roots.size() != 2) return nullptr;
  return std::make_unique<AddPropagator>(context);
}

std::unique_ptr<Propagator> make_lookup_propagator(const NodeContext& context) {
  if (!std::holds_alternative<model::Activate>(context.graph_node().op)) return nullptr;
  return std::make_unique<LookupPropagator>(context);
}

}  // namespace deepaxe::fault
