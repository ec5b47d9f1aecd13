#include "deepaxe/frontend/keras/graph_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/builders.h"
#include "deepaxe/frontend/keras/layer_table.h"

namespace deepaxe::frontend::keras {
namespace {

constexpr std::size_t kMaxCalls = 4096;  // Of layers; a model in a model multiplies them.
constexpr std::size_t kSpareRoom = std::size_t{1} << 23;  // 32 MiB for what is written out.

std::size_t num_stored_weights(const Network& network) {
  std::size_t count = 0;
  for (const Layer& layer : network.layers) {
    if (layer.nested != nullptr) count += num_stored_weights(*layer.nested);
    for (const Hdf5Array* array : layer.weights) count += array->values.size();
  }
  return count;
}

bool uses_channels_first(const Network& network) {
  return std::any_of(network.layers.begin(), network.layers.end(), [](const Layer& layer) {
    if (layer.nested != nullptr) return uses_channels_first(*layer.nested);
    return layer.class_name != "Flatten" && layer.config.is_object() &&
           layer.config.value("data_format", Json()) == "channels_first";
  });
}

// Calls networks: resolves what each layer reads and hands it to the layer's builder.
class Caller {
 public:
  Caller(GraphBuilder& graph, bool channels_first)
      : graph_(graph), channels_first_(channels_first) {}

  Value call_root(const Network& network) {
    const std::vector<Value> outputs = call(network, {});
    if (outputs.size() != 1) {
      refuse("output", fmt::format("{} outputs", outputs.size()), "one output: the class scores");
    }
    return outputs.front();
  }

 private:
  // No `inputs`: the network is the whole model and makes its own input node.
  std::vector<Value> call(const Network& network, std::vector<Value> inputs) {
    return network.sequential ? call_sequential(network, inputs)
                              : call_functional(network, std::move(inputs));
  }

  std::vector<Value> call_sequential(const Network& network, std::vector<Value> values) {
    for (const Layer& layer : network.layers) {
      if (layer.class_name == "InputLayer") {
        if (values.empty()) values = {make_input(layer.config, layer.name)};
        continue;
      }
      if (values.empty() && layer.nested == nullptr) values = {implied_input(network, layer)};
      values = call_layer(layer, std::move(values));
    }
    return values;
  }

  // A Sequential without InputLayer: the first layer's own shape, or that of the whole model.
  Value implied_input(const Network& network, const Layer& first) {
    const bool own = first.config.is_object() &&
                     (first.config.contains("batch_input_shape") ||
                      first.config.contains("batch_shape") || first.config.contains("input_dim"));
    if (own || network.input_shape.empty()) return make_input(first.config, first.name + "_input");
    return append_input("input", network.input_shape);
  }

  Value make_input(const Json& config, const std::string& name) {
    const Fields fields(config, graph_.file(), name);
    for (const char* field : {"batch_shape", "batch_input_shape"}) {
      if (fields.has(field)) return append_input(name, read_batch_shape(fields, field));
    }
    if (fields.has("input_dim")) return append_input(name, {fields.integer("input_dim", 0)});
    fields.refuse("batch_input_shape", "nothing", "the input's shape");
  }

  Value append_input(const std::string& name, model::Shape shape) {
    if (!graph_.model().nodes.empty()) refuse("layer " + name, "a second input", "one input image");
    const bool transposed = channels_first_ && shape.size() == 3;
    if (transposed) shape = {shape[1], shape[2], shape[0]};
    Value value = graph_.append(name, {.op = model::Input{}, .inputs = {}, .shape = shape});
    value.channels_first = transposed;
    return value;
  }

  std::vector<Value> call_functional(const Network& network, std::vector<Value> inputs) {
    std::map<std::pair<std::string, int>, std::vector<Value>> done;  // By layer and call.
    for (std::size_t i = 0; i < inputs.size() && i < network.inputs.size(); ++i) {
      done[{network.inputs[i].layer, 0}] = {inputs[i]};
    }
    bool progress = true;
    while (progress) {  // The list need not be in topological order.
      progress = false;
      for (const Layer& layer : network.layers) {
        progress = call_where_ready(layer, inputs.empty(), done) || progress;
      }
    }
    return collect(network.outputs, done, "output_layers");
  }

  using Done = std::map<std::pair<std::string, int>, std::vector<Value>>;

  bool call_where_ready(const Layer& layer, bool is_root, Done& done) {
    bool progress = false;
    if (layer.class_name == "InputLayer") {
      if (!is_root || done.contains({layer.name, 0})) return false;
      done[{layer.name, 0}] = {make_input(layer.config, layer.name)};
      return true;
    }
    for (std::size_t n = 0; n < layer.calls.size(); ++n) {
      const std::pair key{layer.name, static_cast<int>(n)};
      const auto& refs = layer.calls[n];
      const bool ready = std::all_of(refs.begin(), refs.end(), [&](const TensorRef& ref) {
        return done.contains({ref.layer, ref.call});
      });
      if (done.contains(key) || !ready) continue;
      done[key] = call_layer(layer, collect(refs, done, "layer " + layer.name));
      progress = true;
    }
    return progress;
  }

  std::vector<Value> collect(const std::vector<TensorRef>& refs, const Done& done,
                             const std::string& place) const {
    std::vector<Value> values;
    for (const TensorRef& ref : refs) {
      const auto found = done.find({ref.layer, ref.call});
      if (found == done.end() || ref.tensor < 0 ||
          static_cast<std::size_t>(ref.tensor) >= found->second.size()) {
        refuse(place,
               fmt::format("reads output {} of call {} of {}", ref.tensor, ref.call, ref.layer),
               "a layer that can be computed from the input");
      }
      values.push_back(found->second[static_cast<std::size_t>(ref.tensor)]);
    }
    return values;
  }

  std::vector<Value> call_layer(const Layer& layer, std::vector<Value> inputs) {
    if (++num_calls_ > kMaxCalls) {
      refuse("layer " + layer.name, fmt::format("more than {} calls of layers", kMaxCalls),
             "fewer");
    }
    if (layer.nested != nullptr) return call(*layer.nested, std::move(inputs));
    LayerCall layer_call{.graph = graph_,
                         .layer = layer,
                         .fields = Fields(layer.config, graph_.file(), layer.name),
                         .name = graph_.unique_name(layer.name),
                         .inputs = std::move(inputs)};
    return {builder_of(layer.class_name)(layer_call)};
  }

  [[noreturn]] void refuse(std::string place, std::string found, std::string expected) const {
    throw base::InputError({.file = graph_.file(),
                            .place = std::move(place),
                            .found = std::move(found),
                            .expected = std::move(expected)});
  }

  GraphBuilder& graph_;
  bool channels_first_;
  std::size_t num_calls_ = 0;
};

}  // namespace

GraphBuilder::GraphBuilder(std::string file, bool theano_kernels, std::size_t num_stored)
    : file_(std::move(file)), theano_kernels_(theano_kernels), room_(2 * num_stored + kSpareRoom) {}

std::string GraphBuilder::unique_name(const std::string& name) {
  const auto taken = [&](const std::string& candidate) {
    const auto below = names_.lower_bound(candidate + "/");
    return names_.contains(candidate) ||
           (below != names_.end() && below->starts_with(candidate + "/"));
  };
  if (!taken(name)) return name;
  int& call = num_calls_[name];
  do {
    ++call;
  } while (taken(fmt::format("{}@{}", name, call)));
  return fmt::format("{}@{}", name, call);
}

void GraphBuilder::expect_room(const std::string& layer, std::size_t num_weights) const {
  if (num_weights <= room_) return;
  throw base::InputError({.file = file_,
                          .place = "layer " + layer,
                          .found = fmt::format("{} weights more", num_weights),
                          .expected = "about as many in all as the file holds"});
}

Value GraphBuilder::append(const std::string& name, NodeParts parts) {
  model::FloatNode node;
  node.name = name;
  node.op = std::move(parts.op);
  node.weights = std::move(parts.weights);
  node.bias = std::move(parts.bias);
  node.shape = std::move(parts.shape);
  for (const Value& input : parts.inputs) node.inputs.push_back(input.node);
  try {
    node.shape = model::infer_shape(model_, node);
  } catch (const std::invalid_argument& error) {
    throw base::InputError(
        {.file = file_, .place = "layer " + name, .found = error.what(), .expected = ""});
  }
  expect_room(name, node.weights.size() + node.bias.size());
  room_ -= node.weights.size() + node.bias.size();
  names_.insert(name);
  model_.nodes.push_back(std::move(node));
  return {.node = static_cast<int>(model_.nodes.size()) - 1,
          .channels_first = !parts.inputs.empty() && parts.inputs.front().channels_first};
}

const model::Shape& GraphBuilder::shape(Value value) const {
  return model_.nodes[static_cast<std::size_t>(value.node)].shape;
}

Value GraphBuilder::to_keras_order(Value value, const std::string& name) {
  if (!value.channels_first) return value;
  return permute(value, {2, 0, 1}, name + "/to_channels_first");
}

Value GraphBuilder::to_channels_last(Value value, const std::string& name) {
  if (value.channels_first || shape(value).size() != 3) return value;
  Value result = permute(value, {1, 2, 0}, name + "/to_channels_last");
  result.channels_first = true;
  return result;
}

Value GraphBuilder::permute(Value value, std::vector<int> axes, const std::string& name) {
  const model::Shape& from = shape(value);
  model::Shape to;
  for (const int axis : axes) to.push_back(from[static_cast<std::size_t>(axis)]);
  // [a, b] to [b, a] is the same memory where a or b is 1: one channel, or one pixel.
  const int channels = axes[0] == 2 ? from[2] : from[0];
  const bool same_memory =
      channels == 1 || model::num_elements(from) == static_cast<std::size_t>(channels);
  Value result = same_memory
                     ? append(name, {.op = model::Reshape{}, .inputs = {value}, .shape = to})
                     : append(name, {.op = model::Permute{std::move(axes)}, .inputs = {value}});
  result.channels_first = false;
  return result;
}

model::FloatModel build_graph(const Network& network, const std::string& file,
                              bool theano_kernels) try {
  GraphBuilder graph(file, theano_kernels, num_stored_weights(network));
  const Value output = Caller(graph, uses_channels_first(network)).call_root(network);
  graph.model().name = network.name;
  graph.model().output = output.node;
  return std::move(graph.model());
} catch (const Json::exception& error) {
  keras::refuse_json(file, error);
}

}  // namespace deepaxe::frontend::keras
