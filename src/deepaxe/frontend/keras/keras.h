// load_keras: a trained Keras network, from any of its file formats, as a FloatModel.
#pragma once

#include <filesystem>

#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::keras {

struct KerasOptions {
  /// JSON of the architecture (Keras `to_json`); needed where the file holds weights only.
  std::filesystem::path config;
};

/// Reads `.h5` (Keras 1.2 to 3.x), `.keras` (tf.keras 2.13+, Keras 3) and weights-only `.h5`; the
/// content decides, not the name. The graph is NHWC whatever the file's data format. Train-only
/// layers are dropped, BatchNormalization is folded where that is exact, a fused activation becomes
/// a node of its own ("conv1/relu"), the second call of a shared layer is "name@1".
/// Throws base::InputError, one line naming file, layer, found and expected, for damaged files,
/// unsupported layers and weights that do not fit. Must be called while no other thread of ours
/// runs (it forks).
model::FloatModel load_keras(const std::filesystem::path& file, const KerasOptions& options = {});

}  // namespace deepaxe::frontend::keras
