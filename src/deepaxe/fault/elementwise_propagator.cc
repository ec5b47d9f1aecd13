// Differences through nodes whose every output depends on one position of each input: arithmetic
// and pointwise functions.
#include <utility>
#include <variant>

#include "deepaxe/engine/int8_plan.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::fault {
namespace {

// Of operands that have the output's shape, or are constant.
class BinaryPropagator final : public Propagator {
 public:
  BinaryPropagator(const NodeContext& context, engine::BinaryStep step)
      : node_(static_cast<std::size_t>(context.node)), step_(std::move(step)) {
    for (const int root : context.roots) roots_.push_back(static_cast<std::size_t>(root));
  }

  void propagate(ImageState& state) const override {
    TensorState& output = state.tensors[node_];
    for (const std::size_t root : roots_) {
      for (const std::uint32_t element : state.tensors[root].changed) {
        const std::size_t a = static_cast<std::uint8_t>(code(step_.a, state, element));
        const std::size_t b = static_cast<std::uint8_t>(code(step_.b, state, element));
        const std::int8_t value = step_.table[a << 8 | b];
        // One that changed in both operands is met twice.
        if (value != output.golden[element] && value != output.faulty[element]) {
          output.set(element, value);
        }
      }
    }
  }

 private:
  std::int8_t code(const engine::Operand& operand, const ImageState& state,
                   std::uint32_t element) const {
    const std::size_t source = operand.source(element);
    if (operand.input < 0) return operand.constant[source];
    return state.tensors[roots_[static_cast<std::size_t>(operand.input)]].faulty[source];
  }

  std::size_t node_;
  engine::BinaryStep step_;
  std::vector<std::size_t> roots_;
};

class LookupPropagator final : public Propagator {
 public:
  explicit LookupPropagator(const NodeContext& context)
      : node_(static_cast<std::size_t>(context.node)),
        root_(static_cast<std::size_t>(context.roots.front())) {
    table_ = model::activation_table(context.graph_node(), context.input_node(0).quant);
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
  quant::CodeTable table_{};
};

}  // namespace

std::unique_ptr<Propagator> make_binary_propagator(const NodeContext& context) {
  engine::Step step = engine::plan_step(context.engine->model(), context.node);
  auto* binary = std::get_if<engine::BinaryStep>(&step);
  if (binary == nullptr) return nullptr;
  for (const engine::Operand* operand : {&binary->a, &binary->b}) {
    if (operand->input >= 0 && !operand->sources.empty()) return nullptr;
  }
  return std::make_unique<BinaryPropagator>(context, std::move(*binary));
}

std::unique_ptr<Propagator> make_lookup_propagator(const NodeContext& context) {
  if (!std::holds_alternative<model::Activate>(context.graph_node().op)) return nullptr;
  return std::make_unique<LookupPropagator>(context);
}

}  // namespace deepaxe::fault
