// tflite: TensorFlow Lite files to int8 or float models, and int8 models to files.
// Source: TensorFlow Lite schema version 3;
// https://ai.google.dev/edge/litert/models/quantization_spec
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::tflite {

/// Whether the bytes carry the identifier of the format; says nothing about the rest.
bool looks_like_tflite(std::span<const std::byte> bytes) noexcept;

/// What a file holds.
using Network = std::variant<model::Int8Model, model::FloatModel>;

/// The network of a file. Throws InputError, naming operator or tensor, for damaged files and for
/// whatever has no place in a model: other operators, batches above 1, dynamic sizes, networks that
/// are int8 in parts.
///
/// int8: uint8 or float borders (QUANTIZE, DEQUANTIZE) are left out; integer arithmetic on shapes
/// is folded away; SPACE_TO_BATCH_ND, convolution and BATCH_TO_SPACE_ND become one dilated
/// convolution. Rounding: single for FULLY_CONNECTED, double for convolutions, as the reference
/// kernels of LiteRT 2.x, unless the file was written by `format_tflite` and says otherwise. Float:
/// weights may be FLOAT32, FLOAT16 behind DEQUANTIZE, or int8 (dynamic range); fused activations
/// become nodes. Names: those of `format_tflite` come back as they were; of other files, the part
/// of the tensor's name that names the layer. tensor_of_node[i], where asked for: the index in the
/// file of the tensor that node i gives, -1 if there is none. `name` stands for the file in
/// messages and gives the model its name.
Network parse_network(std::span<const std::byte> bytes, const std::string& name,
                      std::vector<int>* tensor_of_node = nullptr);

/// An int8 network; throws InputError for a float one. `path` may be gzipped.
model::Int8Model read_tflite(const std::filesystem::path& path,
                             std::vector<int>* tensor_of_node = nullptr);

model::Int8Model parse_tflite(std::span<const std::byte> bytes, const std::string& name,
                              std::vector<int>* tensor_of_node = nullptr);

/// A file that any TFLite runtime loads (batch 1, int8 input and output). The same bytes for the
/// same model; parse_tflite gives a model of the same content_key. Throws InputError for a layer
/// that has no TFLite operator in the subset.
std::vector<std::byte> format_tflite(const model::Int8Model& model);

}  // namespace deepaxe::frontend::tflite
