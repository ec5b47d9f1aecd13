// Differences through nodes that only move elements: padding, cropping, permutation, concatenation.
#include <utility>
#include <variant>

#include "deepaxe/fault/propagator.h"

namespace deepaxe::fault {
namespace {

constexpr std::int64_t kNowhere = -1;

// Where the elements of one input go in the output.
using Destinations = std::vector<std::int64_t>;

std::vector<std::int64_t> strides_of(const model::Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

// Input position p lands on output position p[axis] + offset[axis] of output axis `to[axis]`;
// nowhere if that lies outside.
struct Placement {
  std::vector<int> to;
  std::vector<int> offset;
};

Destinations destinations(const model::Shape& in, const model::Shape& out,
                          const Placement& placement) {
  const std::vector<std::int64_t> in_strides = strides_of(in), out_strides = strides_of(out);
  Destinations result(model::num_elements(in), kNowhere);
  for (std::size_t e = 0; e < result.size(); ++e) {
    auto rest = static_cast<std::int64_t>(e);
    std::int64_t destination = 0;
    bool inside = true;
    for (std::size_t axis = 0; axis < in.size(); ++axis) {
      const auto to = static_cast<std::size_t>(placement.to[axis]);
      const std::int64_t position = rest / in_strides[axis] + placement.offset[axis];
      rest %= in_strides[axis];
      inside = inside && position >= 0 && position < out[to];
      destination += position * out_strides[to];
    }
    if (inside) result[e] = destination;
  }
  return result;
}

Placement identity(std::size_t rank) {
  Placement placement{std::vector<int>(rank), std::vector<int>(rank, 0)};
  for (std::size_t axis = 0; axis < rank; ++axis) placement.to[axis] = static_cast<int>(axis);
  return placement;
}

Placement shifted(std::size_t rank, int rows, int columns) {
  Placement placement = identity(rank);
  placement.offset[0] = rows;
  placement.offset[1] = columns;
  return placement;
}

// One placement for each input; empty where the op is not a move.
std::vector<Placement> placements(const NodeContext& context) {
  const model::Op& op = context.graph_node().op;
  const std::size_t rank = context.input_node(0).shape.size();
  if (const auto* pad = std::get_if<model::Pad>(&op)) {
    return {shifted(rank, pad->top, pad->left)};
  }
  if (const auto* crop = std::get_if<model::Crop>(&op)) {
    return {shifted(rank, -crop->top, -crop->left)};
  }
  if (const auto* permute = std::get_if<model::Permute>(&op)) {
    Placement placement = identity(rank);
    for (std::size_t axis = 0; axis < rank; ++axis) {
      placement.to[static_cast<std::size_t>(permute->axes[axis])] = static_cast<int>(axis);
    }
    return {placement};
  }
  std::vector<Placement> result;
  if (const auto* concatenate = std::get_if<model::Concatenate>(&op)) {
    const auto axis = static_cast<std::size_t>(concatenate->axis);
    int first = 0;
    for (std::size_t i = 0; i < context.roots.size(); ++i) {
      result.push_back(identity(rank));
      result.back().offset[axis] = first;
      first += context.input_node(i).shape[axis];
    }
  }
  return result;
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
  const std::vector<Placement> where = placements(context);
  if (where.empty() || !keeps_codes(context)) return nullptr;
  std::vector<Destinations> maps;
  for (std::size_t i = 0; i < where.size(); ++i) {
    maps.push_back(destinations(context.input_node(i).shape, context.graph_node().shape, where[i]));
  }
  return std::make_unique<MovePropagator>(context, std::move(maps));
}

}  // namespace deepaxe::fault
