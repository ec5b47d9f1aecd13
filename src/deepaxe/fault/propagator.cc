#include "deepaxe/fault/propagator.h"

#include <utility>

namespace deepaxe::fault {
namespace {

class DensePropagator final : public Propagator {
 public:
  explicit DensePropagator(NodeContext context) : context_(std::move(context)) {}

  void propagate(ImageState& state) const override {
    std::vector<const std::int8_t*> inputs;
    inputs.reserve(context_.roots.size());
    for (const int root : context_.roots) {
      inputs.push_back(state.tensors[static_cast<std::size_t>(root)].faulty.data());
    }
    TensorState& output = state.tensors[static_cast<std::size_t>(context_.node)];
    const std::size_t size = output.golden.size();
    resize_at_least(state.recomputed, size);
    context_.engine->run_node(context_.node, 1, inputs, context_.multipliers,
                              state.recomputed.data());
    for (std::size_t e = 0; e < size; ++e) {
      if (state.recomputed[e] == output.golden[e]) continue;
      output.set(static_cast<std::uint32_t>(e), state.recomputed[e]);
    }
  }

 private:
  NodeContext context_;
};

}  // namespace

std::unique_ptr<Propagator> make_dense_propagator(const NodeContext& context) {
  return std::make_unique<DensePropagator>(context);
}

std::unique_ptr<Propagator> make_propagator(const NodeContext& context) {
  for (const auto make : {make_pool_propagator, make_binary_propagator, make_lookup_propagator,
                          make_move_propagator}) {
    if (auto propagator = make(context)) return propagator;
  }
  return make_dense_propagator(context);
}

}  // namespace deepaxe::fault
