// Network: the layers of a Keras file as it describes them, before they become nodes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "deepaxe/frontend/keras/fields.h"
#include "deepaxe/frontend/keras/hdf5_reader.h"

namespace deepaxe::frontend::keras {

/// One output of one call of a layer.
struct TensorRef {
  std::string layer;
  int call = 0;
  int tensor = 0;
};

struct Network;

struct Layer {
  std::string class_name;
  std::string name;
  Json config;
  std::vector<std::vector<TensorRef>> calls;  ///< calls[n]: what call n reads (Functional only).
  std::shared_ptr<const Network> nested;      ///< Of layers that are networks themselves.
  std::vector<const Hdf5Array*> weights;      ///< In the order Keras gives them; see weights.h.
};

/// A Sequential or Functional model. In a Sequential each layer reads the one before.
struct Network {
  std::string name;
  bool sequential = false;
  std::vector<Layer> layers;
  std::vector<TensorRef> inputs;   ///< Functional only.
  std::vector<TensorRef> outputs;  ///< Functional only.
  std::vector<int> input_shape;    ///< Without the batch; of a Sequential whose layers name none.
};

/// Reads the JSON of a model, any version; nested models included. Every class is checked here, so
/// that an unsupported layer is named before anything else goes wrong.
Network parse_network(const Json& model, const std::string& file);

/// Sizes of an input shape written [batch, ...] in `field`; unknown sizes are refused.
std::vector<int> read_batch_shape(const Fields& fields, const std::string& field);

/// Throws InputError of these parts.
[[noreturn]] void refuse(const std::string& file, std::string place, std::string found,
                         std::string expected);
/// The same for a field of another kind than every Keras writes.
[[noreturn]] void refuse_json(const std::string& file, const Json::exception& error);

}  // namespace deepaxe::frontend::keras
