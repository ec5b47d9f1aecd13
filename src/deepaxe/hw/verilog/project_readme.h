// README.md of a generated project: how to use it, when its layers read and write, its streams.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/verilog/layer_module.h"
#include "deepaxe/hw/verilog/multiplier_modules.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::verilog {

/// At least one layer; streams of weights deliver at the clock of `params`.
std::string readme_text(const std::vector<LayerModule>& layers,
                        const MultiplierModules& multipliers, const std::string& top,
                        const VerilogParams& params);

}  // namespace deepaxe::hw::verilog
