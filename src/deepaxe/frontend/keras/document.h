// Document: a Keras file taken apart, whatever its format, into architecture and weights.
#pragma once

#include <filesystem>
#include <string>

#include "deepaxe/frontend/keras/fields.h"
#include "deepaxe/frontend/keras/hdf5_reader.h"

namespace deepaxe::frontend::keras {

struct Document {
  std::string file;  ///< Named in messages.
  Json config;       ///< The model's JSON.
  Hdf5Content weights;
  std::string backend;  ///< "tensorflow", "theano"...; empty where the file does not say.
};

/// Reads `file`; `config`, if not empty, is the JSON to use instead of the one inside.
/// Throws InputError for anything that is not a Keras network with its weights.
Document read_document(const std::filesystem::path& file, const std::filesystem::path& config);

}  // namespace deepaxe::frontend::keras
