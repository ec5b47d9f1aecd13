// Reading a file: borders, operators in order, and the order of layers that Int8Model asks for.
#include <fmt/format.h>

#include <cstring>
#include <memory>
#include <new>

#include "deepaxe/base/file.h"
#include "deepaxe/frontend/tflite/graph_builder.h"
#include "deepaxe/frontend/tflite/metadata.h"
#include "deepaxe/frontend/tflite/names.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::frontend::tflite {

int GraphBuilder::input_node(const OperatorView& op, std::size_t position) const {
  const int tensor = op.input(position);
  file.tensor(tensor, fmt::format("{} input {}", op.place, position));
  const auto found = node_of_tensor.find(tensor);
  if (found == node_of_tensor.end()) {
    file.expect_type(tensor, fb::TensorType_INT8);
    file.refuse(op.place, file.tensor_place(tensor) + " is constant or not computed yet",
                "the output of an earlier operator");
  }
  return found->second;
}

model::Int8Node GraphBuilder::make_node(int tensor, model::Op op, std::vector<int> inputs) {
  file.expect_type(tensor, fb::TensorType_INT8);
  model::Int8Node node;
  std::string name = file.tensor_name(tensor);
  if (!keep_names || name.empty()) name = layer_name(name, op);
  node.name = make_unique(name, names);
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.shape = file.image_shape(tensor);
  node.quant = file.quant_params(tensor);
  return node;
}

int GraphBuilder::add_node(model::Int8Node node, int tensor) {
  const int index = static_cast<int>(model.nodes.size());
  if (tensor >= 0 && !node_of_tensor.emplace(tensor, index).second) {
    file.refuse(file.tensor_place(tensor), "written twice", "one operator that gives it");
  }
  model.nodes.push_back(std::move(node));
  return index;
}

namespace {

// Bounds the time that a damaged file can cost.
constexpr std::size_t kMaxOperators = 4096;

void add_input(GraphBuilder& builder, int tensor, int name_tensor) {
  model::Int8Node node = builder.make_node(tensor, model::Input{}, {});
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

// Reads QUANTIZE and DEQUANTIZE between the network and its users; true if `op` was one.
bool read_border(GraphBuilder& builder, const OperatorView& op, int graph_input, int graph_output,
                 int& output_tensor) {
  const bool quantize = op.code == fb::BuiltinOperator_QUANTIZE;
  if (!quantize && op.code != fb::BuiltinOperator_DEQUANTIZE) return false;
  const FileView& file = builder.file;
  expect_inputs(file, op, 1, 1);
  const int from = op.input(0);
  const int to = file.only_output(op);
  if (quantize && from == graph_input && builder.model.nodes.empty()) {
    if (file.has_type(from, fb::TensorType_UINT8)) {
      expect_shift_by_128(file, op, from, to);
    } else {
      file.expect_type(from, fb::TensorType_FLOAT32);
    }
    add_input(builder, to, from);
    return true;
  }
  if (to != graph_output) {
    file.refuse(op.place, "a change of scale between layers", "QUANTIZE at the borders only");
  }
  if (quantize) {
    file.expect_type(to, fb::TensorType_UINT8);
    builder.input_node(op, 0);
    expect_shift_by_128(file, op, to, from);
  }
  builder.input_node(op, 0);
  output_tensor = from;
  return true;
}

void set_roundings(GraphBuilder& builder) {
  if (builder.roundings.empty()) return;
  const std::vector<int> layers = model::computing_nodes(builder.model);
  if (layers.size() != builder.roundings.size()) {
    builder.file.refuse(std::string("metadata ") + kRoundingKey,
                        fmt::format("{} layers", builder.roundings.size()),
                        std::to_string(layers.size()));
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    builder.model.nodes[static_cast<std::size_t>(layers[i])].rounding =
        builder.roundings[i] == kSingleRounding ? quant::Rounding::kSingle
                                                : quant::Rounding::kDouble;
  }
}

std::string model_name(const FileView& file, bool keep_names) {
  const auto* name = file.graph().name();
  if (keep_names && name != nullptr) return name->str();
  return std::filesystem::path(file.name()).stem().string();
}

void read_network(GraphBuilder& builder) {
  const FileView& file = builder.file;
  const int input = file.only_tensor(file.graph().inputs(), "network inputs");
  const int output = file.only_tensor(file.graph().outputs(), "network outputs");
  int output_tensor = output;
  if (file.has_type(input, fb::TensorType_INT8)) add_input(builder, input, input);
  if (file.num_operators() > kMaxOperators) {
    file.refuse("operators", std::to_string(file.num_operators()),
                fmt::format("at most {}", kMaxOperators));
  }
  for (std::size_t i = 0; i < file.num_operators(); ++i) {
    const OperatorView op = file.operator_at(i);
    if (read_border(builder, op, input, output, output_tensor)) continue;
    if (!fold_shape_operator(builder, op)) read_operator(builder, op);
  }
  const auto found = builder.node_of_tensor.find(output_tensor);
  if (found == builder.node_of_tensor.end()) {
    file.refuse(file.tensor_place(output_tensor), "an output that no operator gives",
                "the output of a layer");
  }
  builder.model.output = found->second;
}

}  // namespace

model::Int8Model parse_tflite(std::span<const std::byte> bytes, const std::string& name,
                              std::vector<int>* tensor_of_node) {
  // Scalars are read in place, and a caller's bytes may lie anywhere: a copy is aligned to 16.
  std::vector<std::byte> copy;
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 16 != 0) {
    copy.assign(bytes.begin(), bytes.end());
    bytes = copy;
  }
  const FileView file(bytes, name);
  GraphBuilder builder{.file = file};
  builder.keep_names = is_own_file(file.model());
  builder.roundings = builder.keep_names ? read_roundings(file) : "";
  read_network(builder);
  set_roundings(builder);
  builder.model.name = model_name(file, builder.keep_names);
  model::validate(builder.model, name);
  if (tensor_of_node != nullptr) {
    tensor_of_node->assign(builder.model.nodes.size(), -1);
    for (const auto& [tensor, node] : builder.node_of_tensor) {
      (*tensor_of_node)[static_cast<std::size_t>(node)] = tensor;
    }
  }
  return std::move(builder.model);
}

model::Int8Model read_tflite(const std::filesystem::path& path, std::vector<int>* tensor_of_node) {
  return parse_tflite(base::read_file_maybe_gzip(path), path.string(), tensor_of_node);
}

}  // namespace deepaxe::frontend::tflite
