// Reading a file: borders, operators in order, and the order of layers that Int8Model asks for.
#include <fmt/format.h>

#include <cstring>
#include <memory>
#include <new>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/tflite/graph_builder.h"
#include "deepaxe/frontend/tflite/metadata.h"
#include "deepaxe/frontend/tflite/names.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::frontend::tflite {

namespace {

// Bounds the time that a damaged file can cost.
constexpr std::size_t kMaxOperators = 4096;

void add_input(GraphBuilder& builder, int tensor, int name_tensor) {
  DraftNode node = builder.make_node(tensor, model::Input{}, {});
  if (!builder.keep_names) {
    builder.names.clear();  // Named after the tensor that the user feeds.
    node.name = make_unique(layer_name(builder.file.tensor_name(name_tensor), model::Input{}),
                            builder.names);
  }
  builder.add_node(std::move(node), tensor);
}

// uint8 and int8 codes that stand for the same numbers: conversion is a shift by 128.
void expect_shift_by_128(const FileView& file, const OperatorView& op, int unsigned_tensor,
                         int signed_tensor) {
  const quant::QuantParams a = file.quant_params(unsigned_tensor);
  const quant::QuantParams b = file.quant_params(signed_tensor);
  if (a.scale != b.scale || a.zero_point - 128 != b.zero_point) {
    file.refuse(op.place, "a change of scale at the border", "a shift of codes by 128");
  }
}

// QUANTIZE of what the user feeds.
void read_input_border(GraphBuilder& builder, const OperatorView& op) {
  const FileView& file = builder.file;
  const int from = op.input(0);
  const int to = file.only_output(op);
  if (file.has_type(from, fb::TensorType_UINT8)) {
    expect_shift_by_128(file, op, from, to);
  } else {
    file.expect_type(from, fb::TensorType_FLOAT32);
  }
  add_input(builder, to, from);
}

// QUANTIZE to uint8 or DEQUANTIZE of what the user gets; the output then is what it reads.
void read_output_border(GraphBuilder& builder, const OperatorView& op, int& output_tensor) {
  const FileView& file = builder.file;
  const int from = op.input(0);
  builder.input_node(op, 0);
  if (op.code == fb::BuiltinOperator_QUANTIZE) {
    expect_shift_by_128(file, op, file.only_output(op), from);
  }
  output_tensor = from;
}

// True if `op` is a QUANTIZE or DEQUANTIZE between an int8 network and its users.
bool read_border(GraphBuilder& builder, const OperatorView& op, int graph_input, int graph_output,
                 int& output_tensor) {
  const bool quantizes = op.code == fb::BuiltinOperator_QUANTIZE;
  if (builder.is_float || (!quantizes && op.code != fb::BuiltinOperator_DEQUANTIZE)) return false;
  expect_inputs(builder.file, op, 1, 1);
  const int to = builder.file.only_output(op);
  if (quantizes && op.input(0) == graph_input && builder.nodes.empty()) {
    read_input_border(builder, op);
    return true;
  }
  if (quantizes && builder.file.has_type(to, fb::TensorType_INT8)) return false;  // Between layers.
  if (to != graph_output) {
    builder.file.refuse(op.place, "a network that is not int8 in parts", "int8 throughout");
  }
  if (quantizes) builder.file.expect_type(to, fb::TensorType_UINT8);
  read_output_border(builder, op, output_tensor);
  return true;
}

void set_roundings(const GraphBuilder& builder, model::Int8Model& model) {
  if (builder.roundings.empty()) return;
  const std::vector<int> layers = model::computing_nodes(model);
  if (layers.size() != builder.roundings.size()) {
    builder.file.refuse(std::string("metadata ") + kRoundingKey,
                        fmt::format("{} layers", builder.roundings.size()),
                        std::to_string(layers.size()));
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    model.nodes[static_cast<std::size_t>(layers[i])].rounding =
        builder.roundings[i] == kSingleRounding ? quant::Rounding::kSingle
                                                : quant::Rounding::kDouble;
  }
}

std::string model_name(const FileView& file, bool keep_names) {
  const auto* name = file.graph().name();
  if (keep_names && name != nullptr) return name->str();
  return std::filesystem::path(file.name()).stem().string();
}

// True if what the operators compute is float. Constants may be int8 all the same.
bool computes_in_float(const FileView& file) {
  for (std::size_t i = 0; i < file.num_operators(); ++i) {
    const OperatorView op = file.operator_at(i);
    if (op.code == fb::BuiltinOperator_DEQUANTIZE) continue;
    if (file.has_type(file.only_output(op), fb::TensorType_INT8)) return false;
  }
  return file.has_type(file.only_tensor(file.graph().inputs(), "network inputs"),
                       fb::TensorType_FLOAT32);
}

// The node that gives the network's output.
int read_network(GraphBuilder& builder) {
  const FileView& file = builder.file;
  const int input = file.only_tensor(file.graph().inputs(), "network inputs");
  const int output = file.only_tensor(file.graph().outputs(), "network outputs");
  if (file.num_operators() > kMaxOperators) {
    file.refuse("operators", std::to_string(file.num_operators()),
                fmt::format("at most {}", kMaxOperators));
  }
  int output_tensor = output;
  if (builder.is_float || file.has_type(input, fb::TensorType_INT8)) {
    add_input(builder, input, input);
  }
  for (std::size_t i = 0; i < file.num_operators(); ++i) {
    const OperatorView op = file.operator_at(i);
    if (read_border(builder, op, input, output, output_tensor)) continue;
    if (!fold_constant_operator(builder, op)) read_operator(builder, op);
  }
  const auto found = builder.node_of_tensor.find(output_tensor);
  if (found == builder.node_of_tensor.end()) {
    file.refuse(file.tensor_place(output_tensor), "an output that no operator gives",
                "the output of a layer");
  }
  return found->second;
}

model::Int8Model to_int8_model(GraphBuilder& builder, int output) {
  model::Int8Model model{.name = "", .nodes = {}, .output = output};
  model.nodes.reserve(builder.nodes.size());
  for (DraftNode& draft : builder.nodes) {
    model.nodes.push_back(std::move(static_cast<model::Int8Node&>(draft)));
  }
  set_roundings(builder, model);
  return model;
}

model::FloatModel to_float_model(GraphBuilder& builder, int output) {
  model::FloatModel model{.name = "", .nodes = {}, .output = output};
  model.nodes.reserve(builder.nodes.size());
  for (DraftNode& draft : builder.nodes) {
    model::FloatNode node;
    static_cast<model::NodeBase&>(node) = std::move(static_cast<model::NodeBase&>(draft));
    node.weights = std::move(draft.float_weights);
    node.bias = std::move(draft.float_bias);
    model.nodes.push_back(std::move(node));
  }
  return model;
}

std::vector<int> tensors_of_nodes(const GraphBuilder& builder) {
  std::vector<int> tensors(builder.nodes.size(), -1);
  for (const auto& [tensor, node] : builder.node_of_tensor) {
    tensors[static_cast<std::size_t>(node)] = tensor;
  }
  return tensors;
}

}  // namespace

Network parse_network(std::span<const std::byte> bytes, const std::string& name,
                      std::vector<int>* tensor_of_node) {
  // Scalars are read in place, and a caller's bytes may lie anywhere: a copy is aligned to 16.
  std::vector<std::byte> copy;
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 16 != 0) {
    copy.assign(bytes.begin(), bytes.end());
    bytes = copy;
  }
  const FileView file(bytes, name);
  GraphBuilder builder{.file = file, .is_float = computes_in_float(file)};
  builder.keep_names = is_own_file(file.model());
  builder.roundings = builder.keep_names ? read_roundings(file) : "";
  const int output = read_network(builder);
  if (tensor_of_node != nullptr) *tensor_of_node = tensors_of_nodes(builder);
  const auto finish = [&](auto model) -> Network {
    model.name = model_name(file, builder.keep_names);
    model::validate(model, name);
    return model;
  };
  if (builder.is_float) return finish(to_float_model(builder, output));
  return finish(to_int8_model(builder, output));
}

model::Int8Model parse_tflite(std::span<const std::byte> bytes, const std::string& name,
                              std::vector<int>* tensor_of_node) {
  Network network = parse_network(bytes, name, tensor_of_node);
  if (auto* model = std::get_if<model::Int8Model>(&network)) return std::move(*model);
  throw base::InputError({.file = name,
                          .place = "network",
                          .found = "FLOAT32 activations",
                          .expected = "a network quantized to int8 throughout"});
}

model::Int8Model read_tflite(const std::filesystem::path& path, std::vector<int>* tensor_of_node) {
  return parse_tflite(base::read_file_maybe_gzip(path), path.string(), tensor_of_node);
}

}  // namespace deepaxe::frontend::tflite
