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
};

/// To add an operator: a function that draws its parameters, and a line here.
std::span<const OperatorEntry> operator_table();

void append_convolution(Draft& draft, int input);
void append_grouped_convolution(Draft& draft, int input);
void append_depthwise(Draft& draft, int input);
void append_dense(Draft& draft, int input);

void append_max_pool(Draft& draft, int input);
void append_average_pool(Draft& draft, int input);
void append_global_average_pool(Draft& draft, int input);
void append_global_max_pool(Draft& draft, int input);

void append_add(Draft& draft, int input);
void append_subtract(Draft& draft, int input);
void append_multiply(Draft& draft, int input);
void append_add_constant(Draft& draft, int input);
void append_subtract_constant(Draft& draft, int input);
void append_multiply_constant(Draft& draft, int input);
void append_prelu(Draft& draft, int input);

void append_relu(Draft& draft, int input);
void append_relu6(Draft& draft, int input);
void append_relu_n1_to_1(Draft& draft, int input);
void append_leaky_relu(Draft& draft, int input);
void append_tanh(Draft& draft, int input);
void append_sigmoid(Draft& draft, int input);
void append_hard_swish(Draft& draft, int input);
void append_quantize(Draft& draft, int input);
void append_softmax(Draft& draft, int input);

void append_reshape(Draft& draft, int input);
void append_squeeze_or_expand(Draft& draft, int input);
void append_pad(Draft& draft, int input);
void append_pad_with_value(Draft& draft, int input);
void append_slice(Draft& draft, int input);
void append_permute(Draft& draft, int input);
void append_concatenate(Draft& draft, int input);

/// Kernel, stride, `same` or `valid` padding that fit the image of shape `input`; dilation where
/// asked for.
model::Window random_window(Draw& draw, const model::Shape& input, bool may_dilate);

}  // namespace deepaxe::conformance
