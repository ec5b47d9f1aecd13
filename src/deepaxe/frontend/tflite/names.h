// Names: readable layer names from the long tensor names of converters.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "deepaxe/model/op.h"

namespace deepaxe::frontend::tflite {

/// "lenet5_1/conv2d_1/Relu;lenet5_1/conv2d_1/BiasAdd" of a convolution gives "conv2d_1": the scope
/// that speaks of such a layer, else the innermost scope, else the whole name. Names that
/// converters make up (Identity, StatefulPartitionedCall) give that of the op: "softmax".
std::string layer_name(std::string_view tensor_name, const model::Op& op);

/// `name`, or `name` with the first free number "_2", "_3"... behind it; taken from then on.
std::string make_unique(const std::string& name, std::set<std::string>& taken);

}  // namespace deepaxe::frontend::tflite
