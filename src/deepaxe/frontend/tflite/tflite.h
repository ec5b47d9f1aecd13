// tflite: int8 TensorFlow Lite files to model::Int8Model and back.
// Source: TensorFlow Lite schema version 3;
// https://ai.google.dev/edge/litert/models/quantization_spec
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::tflite {

/// Whether the bytes carry the identifier of the format; says nothing about the rest.
bool looks_like_tflite(std::span<const std::byte> bytes) noexcept;

/// The int8 network of a file. Throws InputError, naming operator or tensor, for damaged files and
/// for whatever has no place in an Int8Model: float networks, other operators, batches above 1,
/// dynamic sizes. uint8 or float borders (QUANTIZE, DEQUANTIZE) are left out; integer arithmetic on
/// shapes is folded away. Rounding: single for FULLY_CONNECTED, double for convolutions, as the
/// reference kernels of LiteRT 2.x, unless the file was written by `format_tflite` and says
/// otherwise. Names: those of `format_tflite` come back as they were; of other files, the part of
/// the tensor's name that names the layer. tensor_of_node[i], where asked for: the index in the
/// file of the tensor that node i gives, -1 if there is none.
model::Int8Model read_tflite(const std::filesystem::path& path,
                             std::vector<int>* tensor_of_node = nullptr);

/// As read_tflite; `name` stands for the file in messages and gives the model its name.
model::Int8Model parse_tflite(std::span<const std::byte> bytes, const std::string& name,
                              std::vector<int>* tensor_of_node = nullptr);

/// A file that any TFLite runtime loads (batch 1, int8 input and output). The same bytes for the
/// same model; parse_tflite gives a model of the same content_key. Throws InputError for a layer
/// that has no TFLite operator in the subset.
std::vector<std::byte> format_tflite(const model::Int8Model& model);

}  // namespace deepaxe::frontend::tflite
