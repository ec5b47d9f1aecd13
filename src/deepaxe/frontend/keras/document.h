// Document: a Keras file taken apart, whatever its format, into architecture and weights.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

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

/// Parses the text of an architecture; `place` is where in `file` it stands, empty for all of it.
/// Throws InputError unless it is an object nested at most as deeply as any Keras writes.
Json parse_model_json(std::string_view text, const std::string& file, const std::string& place);

/// Takes the weights and the backend from an HDF5 file, and the architecture unless the document
/// has one. Throws InputError if there is none in either.
void take_content(Document& document, Hdf5Content content);

}  // namespace deepaxe::frontend::keras
