// Scripts by which HLS tools and compilers take a generated folder.
#pragma once

#include <string>
#include <vector>

namespace deepaxe::hw::hls {

struct ScriptParams {
  std::string top;                       ///< The top function.
  std::vector<std::string> black_boxes;  ///< Functions with a .cpp, .v and .json of their own.
  std::string part;
  double clock_ns = 10;
};

/// vitis.tcl: C simulation, synthesis, co-simulation and export as IP. STEPS, PART and CLOCK_NS of
/// the environment replace what it has.
std::string vitis_script(const ScriptParams& params);

/// Makefile: test benches, vitis, bambu.
std::string makefile(const ScriptParams& params);

}  // namespace deepaxe::hw::hls
