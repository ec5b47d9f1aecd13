// operator_table: for each operator of the int8 subset, how a random layer of it is appended.
#pragma once

#include <span>
#include <string_view>

#include "draft.h"

namespace deepaxe::conformance {

struct OperatorEntry {
  std::string_view name;  ///< model::op_name, and what sets it apart.
  /// What the operator reads: any rank, or only height x width x channels.
  bool needs_image = false;
  /// Appends one layer (and what it needs beside it) that reads node `input`.
  void (*append)(Draft& draft, int input) = nullptr;
  /// Whether it may only stand last.
  bool is_final = false;
};

/// To add an operator: a function that draws its parameters, and a line here.
std::span<const OperatorEntry> operator_table();

// The entries with weights.
void append_convolution(Draft& draft, int input);
void append_grouped_convolution(Draft& draft, int input);
void append_depthwise(Draft& draft, int input);
void append_dense(Draft& draft, int input);

/// Kernel, stride, `same` or `valid` padding that fit the image of shape `input`; dilation where
/// asked for.
model::Window random_window(Draw& draw, const model::Shape& input, bool may_dilate);

}  // namespace deepaxe::conformance
