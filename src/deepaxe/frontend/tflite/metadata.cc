#include "deepaxe/frontend/tflite/metadata.h"

namespace deepaxe::frontend::tflite {

std::string read_roundings(const FileView& file) {
  const auto* entries = file.model().metadata();
  const auto* buffers = file.model().buffers();
  if (entries == nullptr || buffers == nullptr) return "";
  for (const fb::Metadata* entry : *entries) {
    if (entry->name() == nullptr || entry->name()->str() != kRoundingKey) continue;
    if (entry->buffer() >= buffers->size() || buffers->Get(entry->buffer())->data() == nullptr) {
      file.refuse(std::string("metadata ") + kRoundingKey, "no data", "one character per layer");
    }
    const auto* data = buffers->Get(entry->buffer())->data();
    return {data->begin(), data->end()};
  }
  return "";
}

}  // namespace deepaxe::frontend::tflite
