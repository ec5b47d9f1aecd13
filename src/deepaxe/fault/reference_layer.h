// The output of a computing layer with a fault in it, by the reference kernels and the definitions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/arith/netlist.h"
#include "deepaxe/fault/fault.h"
#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::fault {

/// What computes a layer: one multiplier, or one for each channel, the netlist of the one or null,
/// and N, the number of units among which its channels are dealt in turn.
struct LayerHardware {
  std::span<const arith::Multiplier* const> multipliers;
  const arith::Netlist* netlist = nullptr;
  int parallel_outputs = 1;
};

/// input [in_size] -> output [out_size] codes. Requires a fault of a computing layer's parameters
/// or arithmetic, not of its stored output.
void run_with_fault(const kernel::ComputingLayer& layer, const LayerHardware& hardware,
                    const Fault& fault, std::span<const std::int8_t> input,
                    std::span<std::int8_t> output);

}  // namespace deepaxe::fault
