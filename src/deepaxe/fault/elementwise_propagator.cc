// Differences through nodes whose every output depends on one position of each input: arithmetic
// and pointwise functions.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "deepaxe/engine/int8_plan.h"
#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/linear_codes.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::fault {
namespace {

// Of a sum or difference of two tensors, where it is what the reals say but for ties.
std::optional<LinearCodes> linear_codes(const NodeContext& context,
                                        const engine::BinaryStep& step) {
  const model::Int8Node& node = context.graph_node();
  const auto* arithmetic = std::get_if<model::Arithmetic>(&node.op);
  if (arithmetic == nullptr || arithmetic->kind == model::ArithmeticKind::kMultiply) {
    return std::nullopt;
  }
  const auto quant_of = [&](const engine::Operand& operand) {
    return context.input_node(static_cast<std::size_t>(operand.input)).quant;
  };
  const quant::QuantParams a = quant_of(step.a), b = quant_of(step.b);
  const double sign = arithmetic->kind == model::ArithmeticKind::kAdd ? 1 : -1;
  const double of_first = double{a.scale} / double{node.quant.scale};
  const double of_second = sign * double{b.scale} / double{node.quant.scale};
  const LinearCodes codes = {
      .of_first = static_cast<float>(of_first),
      .of_second = static_cast<float>(of_second),
      .constant = static_cast<float>(node.quant.zero_point - of_first * a.zero_point -
                                     of_second * b.zero_point),
      .low = static_cast<std::int8_t>(node.clamp_low),
      .high = static_cast<std::int8_t>(node.clamp_high)};
  if (!codes.hold_for(step.table)) return std::nullopt;
  return codes;
}

// Of operands that have the output's shape, or are constant.
class BinaryPropagator final : public Propagator {
 public:
  BinaryPropagator(const NodeContext& context, engine::BinaryStep step)
      : node_(static_cast<std::size_t>(context.node)), step_(std::move(step)) {
    for (const int root : context.roots) roots_.push_back(static_cast<std::size_t>(root));
    const model::Shape& shape = context.graph_node().shape;
    const auto channels = static_cast<std::size_t>(model::num_channels(shape));
    if (loops_.combine_changed != nullptr && step_.a.input >= 0 && step_.b.input >= 0 &&
        channels >= kLeastChannels) {
      pixel_size_ = static_cast<std::uint32_t>(channels);
      linear_ = linear_codes(context, step_);
    }
  }

  void propagate(ImageState& state) const override {
    if (pixel_size_ > 0 && num_changed(state) >= kLeastChanges) {
      propagate_pixels(state);
    } else {
      propagate_elements(state);
    }
  }

 private:
  // From so many changes on, whole pixels cost less than single elements.
  static constexpr std::size_t kLeastChanges = 8, kLeastChannels = 8;

  std::size_t num_changed(const ImageState& state) const {
    std::size_t count = 0;
    for (const std::size_t root : roots_) count += state.tensors[root].changed.size();
    return count;
  }

  void propagate_pixels(ImageState& state) const {
    const TensorState& first = state.tensors[root_of(step_.a)];
    const TensorState& second = state.tensors[root_of(step_.b)];
    list_changed_pixels(std::array{&first, &second}, pixel_size_, state);
    set_combined_blocks(loops_,
                        {{state.pixels.data(), state.pixels.size(), pixel_size_},
                         first.golden.data(),
                         first.faulty.data(),
                         second.golden.data(),
                         second.faulty.data(),
                         step_.table.data(),
                         linear_ ? &*linear_ : nullptr},
                        state.tensors[node_], state);
  }

  void propagate_elements(ImageState& state) const {
    for (const std::size_t root : roots_) {
      const std::vector<std::uint32_t>& changed = state.tensors[root].changed;
      resize_at_least(state.found, changed.size());
      resize_at_least(state.found_codes, changed.size());
      const std::size_t count =
          step_.a.input >= 0 && step_.b.input >= 0
              ? find_changed(changed, input(step_.a, state), input(step_.b, state), state)
              : find_changed(changed, Codes{*this, step_.a, state}, Codes{*this, step_.b, state},
                             state);
      state.tensors[node_].set_all(state.found.data(), state.found_codes.data(), count);
    }
  }

  std::size_t root_of(const engine::Operand& operand) const {
    return roots_[static_cast<std::size_t>(operand.input)];
  }
  // Of an operand that may be a constant, of fewer elements than the output.
  struct Codes {
    const BinaryPropagator& node;
    const engine::Operand& operand;
    const ImageState& state;
    std::int8_t operator[](std::size_t element) const {
      const std::size_t source = operand.source(element);
      return operand.input < 0 ? operand.constant[source] : node.input(operand, state)[source];
    }
  };

  const std::int8_t* input(const engine::Operand& operand, const ImageState& state) const {
    return state.tensors[root_of(operand)].faulty.data();
  }

  // Without a branch: whether an element changes is as good as random. One that changed in both
  // operands is met twice.
  template <typename A, typename B>
  std::size_t find_changed(const std::vector<std::uint32_t>& elements, const A& a, const B& b,
                           ImageState& state) const {
    const TensorState& output = state.tensors[node_];
    const std::int8_t* golden = output.golden.data();
    const std::int8_t* faulty = output.faulty.data();
    std::uint32_t* found = state.found.data();
    std::int8_t* codes = state.found_codes.data();
    std::size_t count = 0;
    for (const std::uint32_t element : elements) {
      const std::size_t row = static_cast<std::uint8_t>(a[element]);
      const std::size_t column = static_cast<std::uint8_t>(b[element]);
      const std::int8_t value = step_.table[row << 8 | column];
      found[count] = element;
      codes[count] = value;
      count += (value != golden[element] ? 1U : 0U) & (value != faulty[element] ? 1U : 0U);
    }
    return count;
  }

  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  std::size_t node_;
  engine::BinaryStep step_;
  std::vector<std::size_t> roots_;
  std::uint32_t pixel_size_ = 0;  // 0: element by element.
  std::optional<LinearCodes> linear_;
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
