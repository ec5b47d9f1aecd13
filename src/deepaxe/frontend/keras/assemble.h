// assemble: a document as a model; all that follows the reading of bytes, with no child process.
#pragma once

#include <string>
#include <string_view>

#include "deepaxe/frontend/keras/document.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::keras {

/// The last step of load_keras, which says what is done and thrown.
model::FloatModel assemble(const Document& document);

/// As load_keras, for an HDF5 file of this content; `config` is the JSON text of
/// KerasOptions::config, empty if there is none.
model::FloatModel load_content(Hdf5Content content, std::string_view config,
                               const std::string& file);

}  // namespace deepaxe::frontend::keras
