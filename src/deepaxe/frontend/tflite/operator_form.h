// OperatorForm: the TFLite operator of one node, apart from its tensors.
#pragma once

#include "deepaxe/model/graph.h"
#include "subset_generated.h"

namespace deepaxe::frontend::tflite {

struct OperatorForm {
  fb::BuiltinOperator code = fb::BuiltinOperator_RESHAPE;
  int version = 1;  ///< The first version whose kernel takes int8 with these options.
  fb::BuiltinOptions options_type = fb::BuiltinOptions_NONE;
  flatbuffers::Offset<void> options = 0;
};

/// Throws InputError, naming the layer, for a node that TFLite's int8 operators cannot express. Not
/// for Input.
OperatorForm make_operator_form(const model::Int8Model& model, const model::Int8Node& node,
                                flatbuffers::FlatBufferBuilder& builder);

}  // namespace deepaxe::frontend::tflite
