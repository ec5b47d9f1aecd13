// The test bench of a generated accelerator and its vectors.
#pragma once

#include <string>

#include "deepaxe/hw/hls/hls.h"

namespace deepaxe::hw::hls {

/// testbench.cpp for a top function of that name.
std::string testbench_source(const std::string& top);

/// vectors.txt: `images N inputs I logits L`, then for each image a line of its codes and a line
/// of the expected logits.
std::string vectors_text(const design::TestVectors& vectors, std::size_t num_inputs,
                         std::size_t num_logits);

}  // namespace deepaxe::hw::hls
