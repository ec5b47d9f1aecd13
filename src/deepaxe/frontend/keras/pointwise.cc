// Pointwise functions: activations, as layers of their own or fused into another.
#include <array>
#include <string_view>

#include "deepaxe/frontend/keras/builders.h"

namespace deepaxe::frontend::keras {
namespace {

using model::Activation;
using model::ActivationKind;

struct NamedActivation {
  std::string_view name;
  Activation activation;
};

constexpr float kKeras3LeakySlope = 0.2F;  // Of the activation "leaky_relu" without arguments.

constexpr std::array kActivations = {
    NamedActivation{"linear", {}},
    NamedActivation{"relu", {.kind = ActivationKind::kRelu}},
    NamedActivation{"relu6", {.kind = ActivationKind::kRelu, .max_value = 6, .has_max = true}},
    NamedActivation{"leaky_relu",
                    {.kind = ActivationKind::kRelu, .negative_slope = kKeras3LeakySlope}},
    NamedActivation{"tanh", {.kind = ActivationKind::kTanh}},
    NamedActivation{"sigmoid", {.kind = ActivationKind::kSigmoid}},
    NamedActivation{"hard_silu", {.kind = ActivationKind::kHardSwish}},
    NamedActivation{"hard_swish", {.kind = ActivationKind::kHardSwish}},
};

// What an activation field stands for: a function by name, or a layer in place of one.
struct Described {
  std::string name;  // "relu", "softmax"...; "" for linear.
  Activation activation;
};

Activation read_relu(const Fields& fields) {
  Activation activation{.kind = ActivationKind::kRelu};
  activation.has_max = fields.has("max_value");
  activation.max_value = static_cast<float>(fields.number("max_value", 0));
  activation.negative_slope = static_cast<float>(fields.number("negative_slope", 0));
  activation.threshold = static_cast<float>(fields.number("threshold", 0));
  return activation;
}

Activation read_leaky_relu(const Fields& fields) {
  constexpr double kDefaultSlope = 0.3;                        // Of the layer, in every version.
  const double alpha = fields.number("alpha", kDefaultSlope);  // Its name up to Keras 2.
  return {.kind = ActivationKind::kRelu,
          .negative_slope = static_cast<float>(fields.number("negative_slope", alpha))};
}

Described describe_activation(const LayerCall& call, const Json& value);

Described describe_object(const LayerCall& call, const Json& value) {
  const std::string class_name = value.value("class_name", "");
  const Json& config = value.contains("config") ? value["config"] : Json();
  const Fields fields(config, call.fields.file(), call.fields.layer());
  if (config.is_string()) return describe_activation(call, config);  // A serialized function.
  if (class_name == "ReLU") return {"relu", read_relu(fields)};
  if (class_name == "LeakyReLU") return {"leaky_relu", read_leaky_relu(fields)};
  if (class_name == "Softmax") return {"softmax", {}};
  call.fields.refuse("activation", "class " + (class_name.empty() ? brief(value) : class_name),
                     "relu, relu6, leaky_relu, tanh, sigmoid, hard_silu, softmax or linear");
}

Described describe_activation(const LayerCall& call, const Json& value) {
  if (value.is_null()) return {};
  if (value.is_object()) return describe_object(call, value);
  const std::string name = value.is_string() ? value.get<std::string>() : brief(value);
  if (name == "softmax") return {"softmax", {}};
  for (const NamedActivation& known : kActivations) {
    if (known.name != name) continue;
    return {name == "linear" ? "" : name, known.activation};
  }
  call.fields.refuse("activation", name,
                     "relu, relu6, leaky_relu, tanh, sigmoid, hard_silu, softmax or linear");
}

Value append_softmax(const LayerCall& call, const std::string& name, Value value) {
  value = call.graph.to_keras_order(value, call.name);
  return call.graph.append(name, {.op = model::Softmax{}, .inputs = {value}});
}

Value append_activate(const LayerCall& call, const std::string& name, Value value,
                      const Activation& activation) {
  return call.graph.append(name, {.op = model::Activate{activation}, .inputs = {value}});
}

Value append_described(const LayerCall& call, const std::string& name, Value value,
                       const Described& described) {
  if (described.name.empty()) return value;
  if (described.name == "softmax") return append_softmax(call, name, value);
  return append_activate(call, name, value, described.activation);
}

// Slopes that differ by channel at most stay so, [c]; any other sharing is written out for every
// element of `ours`.
std::vector<float> spread_slopes(const LayerCall& call, const model::Shape& stored,
                                 const model::Shape& ours, bool channels_first) {
  const std::vector<float>& slopes = call.weight(0, stored);
  const auto channels = static_cast<std::size_t>(model::num_channels(ours));
  const int stored_channels = channels_first ? stored.front() : stored.back();
  if (slopes.size() == static_cast<std::size_t>(stored_channels)) {
    call.graph.expect_room(call.name, channels);
    return slopes.size() == channels ? slopes : std::vector<float>(channels, slopes.front());
  }
  call.graph.expect_room(call.name, model::num_elements(ours));
  std::vector<float> spread;
  std::vector<std::size_t> position(ours.size(), 0);  // In our tensor, counted up.
  for (std::size_t i = 0; i < model::num_elements(ours); ++i) {
    std::vector<std::size_t> theirs = position;
    if (channels_first) theirs = {position[2], position[0], position[1]};
    std::size_t from = 0;
    for (std::size_t axis = 0; axis < stored.size(); ++axis) {
      const auto size = static_cast<std::size_t>(stored[axis]);
      from = from * size + (size == 1 ? 0 : theirs[axis]);
    }
    spread.push_back(slopes[from]);
    for (std::size_t axis = ours.size(); axis-- > 0;) {
      if (++position[axis] < static_cast<std::size_t>(ours[axis])) break;
      position[axis] = 0;
    }
  }
  return spread;
}

}  // namespace

Value append_fused_activation(const LayerCall& call, Value value) {
  const Described described = describe_activation(call, call.fields.raw("activation"));
  return append_described(call, call.name + "/" + described.name, value, described);
}

Value build_activation(const LayerCall& call) {
  const Described described = describe_activation(call, call.fields.raw("activation"));
  return append_described(call, call.name, call.input(), described);
}

Value build_relu(const LayerCall& call) {
  return append_activate(call, call.name, call.input(), read_relu(call.fields));
}

Value build_leaky_relu(const LayerCall& call) {
  return append_activate(call, call.name, call.input(), read_leaky_relu(call.fields));
}

// Slopes are stored for the input's shape, 1 along shared axes.
Value build_prelu(const LayerCall& call) {
  const Value input = call.input();
  const model::Shape& ours = call.graph.shape(input);
  model::Shape stored = ours;
  if (input.channels_first) stored = {ours[2], ours[0], ours[1]};
  for (const int axis : call.fields.integers("shared_axes")) {
    if (axis < 1 || static_cast<std::size_t>(axis) > stored.size()) {
      call.fields.refuse("shared_axes", std::to_string(axis), "axes of the input, from 1");
    }
    stored[static_cast<std::size_t>(axis) - 1] = 1;
  }
  call.expect_weights(1);
  return call.graph.append(call.name,
                           {.op = model::Prelu{},
                            .inputs = {input},
                            .weights = spread_slopes(call, stored, ours, input.channels_first)});
}

Value build_softmax(const LayerCall& call) {
  const Value input = call.graph.to_keras_order(call.input(), call.name);
  const int rank = static_cast<int>(call.graph.shape(input).size()) + 1;  // With the batch.
  const std::vector<int> axes = call.fields.integers("axis");
  if (!axes.empty() && (axes.size() != 1 || (axes[0] + rank) % rank != rank - 1)) {
    call.fields.refuse("axis", brief(call.fields.raw("axis")), "the last axis");
  }
  return append_softmax(call, call.name, input);
}

Value build_nothing(const LayerCall& call) { return call.input(); }

}  // namespace deepaxe::frontend::keras
