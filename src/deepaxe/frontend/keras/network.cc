#include "deepaxe/frontend/keras/network.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/keras1.h"
#include "deepaxe/frontend/keras/layer_table.h"

namespace deepaxe::frontend::keras {
namespace {

constexpr int kMaxNesting = 32;
constexpr std::size_t kMaxLayers = 4096;  // Of one model: the largest have some 1500.

bool is_model_class(const std::string& name) {
  return name == "Sequential" || name == "Functional" || name == "Model";
}

std::string text_of(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return "";
  return object[name].get<std::string>();
}

bool is_tensor_ref(const Json& value) {
  return value.is_array() && value.size() >= 3 && value[0].is_string() &&
         value[1].is_number_integer() && value[2].is_number_integer();
}

TensorRef to_tensor_ref(const Json& value) {
  return {value[0].get<std::string>(), value[1].get<int>(), value[2].get<int>()};
}

// Collects the tensors of a call in order: Keras 3 objects ("__keras_tensor__") and the older lists
// ["layer", call, tensor, {arguments}], at any depth of lists.
void collect_tensors(const Json& value, std::vector<TensorRef>& refs) {
  if (is_tensor_ref(value)) {
    refs.push_back(to_tensor_ref(value));
  } else if (value.is_array()) {
    for (const Json& element : value) collect_tensors(element, refs);
  } else if (value.is_object()) {
    if (text_of(value, "class_name") == "__keras_tensor__") {
      const Json& history = value.at("config").at("keras_history");
      if (is_tensor_ref(history)) refs.push_back(to_tensor_ref(history));
    } else if (value.contains("args")) {
      collect_tensors(value["args"], refs);
      if (value.contains("kwargs")) collect_tensors(value["kwargs"], refs);
    } else {
      for (const auto& [key, element] : value.items()) collect_tensors(element, refs);
    }
  }
}

std::vector<std::vector<TensorRef>> read_calls(const Json& layer) {
  std::vector<std::vector<TensorRef>> calls;
  if (!layer.contains("inbound_nodes") || !layer["inbound_nodes"].is_array()) return calls;
  for (const Json& call : layer["inbound_nodes"]) collect_tensors(call, calls.emplace_back());
  return calls;
}

std::vector<TensorRef> read_tensor_list(const Json& config, const char* field) {
  std::vector<TensorRef> refs;
  if (config.contains(field)) collect_tensors(config[field], refs);
  return refs;
}

Network parse_model(const Json& model, const std::string& file, int depth);

// Custom objects are registered as "package>Class"; the class may even be called Conv2D.
void check_class(const Json& json, const Layer& layer, const std::string& file) {
  const std::string registered = text_of(json, "registered_name");
  const bool custom = registered.find('>') != std::string::npos;
  if (!custom && is_supported_class(layer.class_name)) return;
  refuse(file, "layer " + layer.name, "class " + (custom ? registered : layer.class_name),
         advice_for_class(layer.class_name, text_of(json, "module")));
}

void check_dtype(const Layer& layer, const std::string& file) {
  if (!layer.config.contains("dtype") || !layer.config["dtype"].is_object()) return;
  const std::string policy = text_of(layer.config["dtype"], "class_name");
  if (policy.find("Quantized") == std::string::npos) return;
  refuse(file, "layer " + layer.name, "dtype policy " + policy,
         "float weights: save the model before quantizing it");
}

Layer parse_layer(const Json& json, const std::string& file, int depth, std::size_t index) {
  static const Json no_config;
  Layer layer;
  layer.class_name = text_of(json, "class_name");
  layer.name = text_of(json, "name");
  if (layer.class_name.empty()) {
    refuse(file, fmt::format("layer number {}", index), brief(json), "an object with class_name");
  }
  const Json& config = json.contains("config") ? json["config"] : no_config;
  if (layer.name.empty()) layer.name = text_of(config, "name");
  if (layer.name.empty()) layer.name = fmt::format("layer{}", index);
  layer.calls = read_calls(json);
  if (is_model_class(layer.class_name)) {
    auto nested = std::make_shared<Network>(parse_model(json, file, depth + 1));
    nested->name = layer.name;
    layer.nested = std::move(nested);
    return layer;
  }
  layer.config = config;
  modernize_layer(layer, file);
  check_class(json, layer, file);
  check_dtype(layer, file);
  return layer;
}

const Json& layer_list(const Json& model, const std::string& file) {
  const Json& config = model.at("config");
  if (config.is_array()) return config;  // Sequential up to Keras 2.2.2.
  if (config.is_object() && config.contains("layers") && config["layers"].is_array()) {
    return config["layers"];
  }
  refuse(file, "model configuration", brief(config), "a list of layers");
}

// Every reference of a network to a call of its layers.
std::vector<TensorRef*> all_refs(Network& network) {
  std::vector<TensorRef*> refs;
  for (Layer& layer : network.layers) {
    for (auto& call : layer.calls) {
      for (TensorRef& ref : call) refs.push_back(&ref);
    }
  }
  for (TensorRef& ref : network.outputs) refs.push_back(&ref);
  return refs;
}

// tf.keras numbers the calls of a nested model from 1 (its making is call 0), and from more where
// it was called in another model, too; only the calls of this one are listed. So where a number is
// past the list, the numbers in use stand for the listed calls in order.
void renumber_calls(const Layer& layer, const std::vector<TensorRef*>& refs) {
  std::set<int> used;
  for (const TensorRef* ref : refs) used.insert(ref->call);
  const auto num_calls = static_cast<int>(layer.calls.size());
  if (num_calls == 0 || *used.rbegin() < num_calls) return;
  if (used.size() > layer.calls.size()) return;  // Damaged; the reader of it is named later.
  // With a call that nothing reads, the last number is taken for the last call.
  std::map<int, int> number_of;
  int next = num_calls - static_cast<int>(used.size());
  for (const int call : used) number_of[call] = next++;
  for (TensorRef* ref : refs) ref->call = number_of.at(ref->call);
}

void renumber_calls(Network& network) {
  std::map<std::string, std::vector<TensorRef*>> refs_of;
  for (TensorRef* ref : all_refs(network)) refs_of[ref->layer].push_back(ref);
  for (const Layer& layer : network.layers) {
    const auto found = refs_of.find(layer.name);
    if (found != refs_of.end()) renumber_calls(layer, found->second);
  }
}

Network parse_model(const Json& model, const std::string& file, int depth) {
  if (depth > kMaxNesting) {
    refuse(file, "model configuration", "models nested too deeply",
           fmt::format("at most {} levels", kMaxNesting));
  }
  const std::string class_name = text_of(model, "class_name");
  if (!is_model_class(class_name) || !model.contains("config")) {
    refuse(file, "model configuration",
           class_name.empty() ? "no class_name" : "class " + class_name,
           "a Sequential or Functional model with its config");
  }
  const Json& config = model["config"];
  Network network;
  network.sequential = class_name == "Sequential";
  network.name = text_of(config, "name");
  const Json& layers = layer_list(model, file);
  if (layers.size() > kMaxLayers) {
    refuse(file, "model configuration", fmt::format("{} layers", layers.size()),
           fmt::format("at most {}", kMaxLayers));
  }
  for (const Json& json : layers) {
    network.layers.push_back(parse_layer(json, file, depth, network.layers.size()));
  }
  if (config.is_object()) {
    network.inputs = read_tensor_list(config, "input_layers");
    network.outputs = read_tensor_list(config, "output_layers");
    renumber_calls(network);
    if (config.contains("build_input_shape") && config["build_input_shape"].is_array()) {
      network.input_shape =
          read_batch_shape(Fields(config, file, network.name), "build_input_shape");
    }
  }
  return network;
}

}  // namespace

void refuse(const std::string& file, std::string place, std::string found, std::string expected) {
  throw base::InputError({.file = file,
                          .place = std::move(place),
                          .found = std::move(found),
                          .expected = std::move(expected)});
}

void refuse_json(const std::string& file, const Json::exception& error) {
  refuse(file, "model configuration", error.what(), "the JSON of a Keras model");
}

Network parse_network(const Json& model, const std::string& file) try {
  Network network = parse_model(model, file, 0);
  if (network.layers.empty()) refuse(file, "model configuration", "no layers", "at least one");
  return network;
} catch (const Json::exception& error) {
  refuse_json(file, error);
}

std::vector<int> read_batch_shape(const Fields& fields, const std::string& field) {
  const Json& value = fields.raw(field);
  if (!value.is_array() || value.size() < 2 || value.size() > 4) {
    fields.refuse(field, brief(value), "[batch, height, width, channels] or [batch, features]");
  }
  constexpr int kMaxSize = 1 << 20;
  std::vector<int> shape;
  for (std::size_t i = 1; i < value.size(); ++i) {
    const bool sound = value[i].is_number_integer() && value[i].get<std::int64_t>() > 0 &&
                       value[i].get<std::int64_t>() <= kMaxSize;
    if (!sound) fields.refuse(field, brief(value), "known sizes after the batch");
    shape.push_back(value[i].get<int>());
  }
  return shape;
}

}  // namespace deepaxe::frontend::keras
