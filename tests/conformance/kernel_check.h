// kernel_check: every way of running a model here, compared with the reference kernels.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::conformance {

/// The tensors of all nodes by the reference kernels: result[node] is [images, node size], empty
/// where the engine does not run the node.
std::vector<std::vector<std::int8_t>> reference_tensors(const model::Int8Model& model,
                                                        std::span<const std::int8_t> images);

/// Runs the table kernels on every instruction set of this machine, in several batch sizes, by
/// every path and on several numbers of threads. Empty, or says what first differed from `expected`
/// (as reference_tensors gives it) and where.
std::string find_difference(const model::Int8Model& model, std::span<const std::int8_t> images,
                            const std::vector<std::vector<std::int8_t>>& expected);

}  // namespace deepaxe::conformance
