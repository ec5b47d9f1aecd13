// BenchText: a file of the folder `bench` for one design: its head with the instance of the top
// module, and the streams of weights.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// The file with what all benches have put in; their own @NAMES@ are left.
std::string bench_text(std::string_view file, const std::vector<LayerModule>& layers,
                       int num_images, const std::string& top);

}  // namespace deepaxe::hw::verilog
