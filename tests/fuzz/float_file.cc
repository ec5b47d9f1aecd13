#include "float_file.h"

#include "subset_generated.h"

namespace deepaxe::fuzz {

namespace fb = frontend::tflite::fb;

Bytes as_float_file(std::span<const std::byte> int8_file) {
  fb::ModelT model;
  fb::GetModel(int8_file.data())->UnPackTo(&model);
  for (const auto& tensor : model.subgraphs.front()->tensors) {
    const bool is_activation = tensor->type == fb::TensorType_INT8 && tensor->buffer == 0;
    const bool is_bias = tensor->type == fb::TensorType_INT32 && tensor->name.ends_with("/bias");
    if (is_activation || is_bias) tensor->type = fb::TensorType_FLOAT32;
  }
  flatbuffers::FlatBufferBuilder builder;
  fb::FinishModelBuffer(builder, fb::Model::Pack(builder, &model));
  const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  return {bytes, bytes + builder.GetSize()};
}

}  // namespace deepaxe::fuzz
