#include "deepaxe/frontend/keras/keras.h"

#include "deepaxe/frontend/keras/assemble.h"
#include "deepaxe/frontend/keras/document.h"

namespace deepaxe::frontend::keras {

model::FloatModel load_keras(const std::filesystem::path& file, const KerasOptions& options) {
  return assemble(read_document(file, options.config));
}

}  // namespace deepaxe::frontend::keras
