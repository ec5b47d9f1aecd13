// Metadata: what a file written by us says beyond TFLite: that its names are ours, and roundings.
#pragma once

#include <string>

#include "deepaxe/frontend/tflite/file_view.h"

namespace deepaxe::frontend::tflite {

inline constexpr const char* kDescription = "DeepAxe";
/// Present where a computing layer does not round as the reference kernels: one character for each.
inline constexpr const char* kRoundingKey = "deepaxe.rounding";
inline constexpr char kSingleRounding = 's';
inline constexpr char kDoubleRounding = 'd';

inline bool is_own_file(const fb::Model& model) {
  return model.description() != nullptr && model.description()->str() == kDescription;
}

/// Empty if the file says nothing.
std::string read_roundings(const FileView& file);

}  // namespace deepaxe::frontend::tflite
