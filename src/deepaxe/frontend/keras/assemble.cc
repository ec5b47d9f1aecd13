#include "deepaxe/frontend/keras/assemble.h"

#include <utility>

#include "deepaxe/frontend/keras/fold_batch_norm.h"
#include "deepaxe/frontend/keras/fold_permute.h"
#include "deepaxe/frontend/keras/graph_builder.h"
#include "deepaxe/frontend/keras/network.h"
#include "deepaxe/frontend/keras/weights.h"

namespace deepaxe::frontend::keras {

model::FloatModel assemble(const Document& document) {
  Network network = parse_network(document.config, document.file);
  attach_weights(network, document.weights, document.file);
  model::FloatModel model = build_graph(network, document.file, document.backend == "theano");
  fold_permute(model);
  fold_batch_norm(model);
  model::validate(model, document.file);
  return model;
}

model::FloatModel load_content(Hdf5Content content, std::string_view config,
                               const std::string& file) {
  Document document{.file = file, .config = {}, .weights = {}, .backend = {}};
  if (!config.empty()) document.config = parse_model_json(config, file, "");
  take_content(document, std::move(content));
  return assemble(document);
}

}  // namespace deepaxe::frontend::keras
