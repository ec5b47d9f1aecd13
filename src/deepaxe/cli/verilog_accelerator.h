// VerilogAccelerator: writes the Verilog of a design point and runs its test bench.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

/// "4" for every computing layer, or "conv1=4,dense2=8" and 1 for the others; one number for each
/// computing layer. Throws base::InputError for anything else.
std::vector<int> parse_parallel_outputs(std::string_view text, const model::Int8Model& model);

/// Which computing layers have their weights on a stream from outside: "rom" none, "external" all,
/// "fc1=external,fc2=external" those. Throws base::InputError for anything else.
std::vector<bool> parse_weight_memory(std::string_view text, const model::Int8Model& model);

struct VerilogCheck {
  std::string simulator;  ///< With which the test bench passed.
  std::int64_t images = 0;
  std::int64_t cycles = 0;  ///< Of an image; of a pipeline from image to image.
};

/// Runs the folder's test bench over its images, in Verilator, else in Icarus Verilog. Throws
/// base::InputError if neither is found, fails, or takes longer, and std::logic_error if any logit
/// differs.
VerilogCheck verify_verilog(const std::filesystem::path& folder, double seconds);

}  // namespace deepaxe::cli
