// Layer table: the Keras classes that can be imported, and what to tell about those that cannot.
#pragma once

#include <string>

#include "deepaxe/frontend/keras/builders.h"

namespace deepaxe::frontend::keras {

bool is_supported_class(const std::string& class_name);

/// Never null: the class has been checked (parse_network).
LayerBuilder builder_of(const std::string& class_name);

/// What was expected instead of an unsupported class: for quantizers of other tools, the export
/// that would work; else the supported classes, nearest first.
std::string advice_for_class(const std::string& class_name, const std::string& module);

}  // namespace deepaxe::frontend::keras
