// Identifiers of generated sources, C++ or Verilog, made of the names of layers and multipliers.
#pragma once

#include <string>
#include <string_view>

namespace deepaxe::hw::design {

/// `text` as an identifier: what cannot stand in one becomes '_' (runs of it one), a leading
/// digit gets `prefix`; the part after the first ';' is left out (names of fused .tflite tensors).
std::string make_identifier(std::string_view text, std::string_view prefix);

}  // namespace deepaxe::hw::design
