// Weights: finds the arrays of each layer in the three layouts Keras has had.
#pragma once

#include <string>

#include "deepaxe/frontend/keras/network.h"

namespace deepaxe::frontend::keras {

/// Sets Layer::weights of every layer, nested ones included. The layouts:
///  - `.h5`: group per top-level layer, order in `weight_names`, list of groups in `layer_names`;
///  - Keras 3: layers/<class in snake case>[_n]/vars/<i>, n counting the class in its model;
///  - tf.keras 2.13 and 2.14: the same below _layer_checkpoint_dependencies.
/// The pointers are into `content`, which must outlive the network.
void attach_weights(Network& network, const Hdf5Content& content, const std::string& file);

/// "MaxPooling2D" -> "max_pooling2d", as Keras does.
std::string snake_case(const std::string& class_name);

}  // namespace deepaxe::frontend::keras
