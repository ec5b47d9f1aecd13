// How the choices of a design point are named by the Verilog generator.
#pragma once

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::synthesis {

verilog::ExactForm to_verilog(cost::Baseline baseline) noexcept;
verilog::MemoryStyle to_verilog(cost::MemoryStyle memory) noexcept;

}  // namespace deepaxe::hw::synthesis
