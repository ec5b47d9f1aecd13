#include "deepaxe/frontend/keras/keras.h"

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/document.h"
#include "deepaxe/frontend/keras/fold_batch_norm.h"
#include "deepaxe/frontend/keras/fold_permute.h"
#include "deepaxe/frontend/keras/graph_builder.h"
#include "deepaxe/frontend/keras/network.h"
#include "deepaxe/frontend/keras/weights.h"

namespace deepaxe::frontend::keras {
namespace {

model::FloatModel load(const std::filesystem::path& file, const KerasOptions& options) {
  const Document document = read_document(file, options.config);
  Network network = parse_network(document.config, document.file);
  attach_weights(network, document.weights, document.file);
  model::FloatModel model = build_graph(network, document.file, document.backend == "theano");
  fold_permute(model);
  fold_batch_norm(model);
  model::validate(model, document.file);
  return model;
}

}  // namespace

model::FloatModel load_keras(const std::filesystem::path& file, const KerasOptions& options) {
  try {
    return load(file, options);
  } catch (const Json::exception& error) {  // A field of another kind than every Keras writes.
    throw base::InputError({.file = file.string(),
                            .place = "model configuration",
                            .found = error.what(),
                            .expected = "the JSON of a Keras model"});
  }
}

}  // namespace deepaxe::frontend::keras
