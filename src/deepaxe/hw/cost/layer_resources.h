// LUT, FF, DSP and BRAM of one layer of the sequential engine.
#pragma once

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/resources.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// One computing layer:
///   LC  = 380 + N (40.5 + 0.978 LC of one multiplier): control, addresses and requantization, and
///         N lanes; all in logic cells as yosys estimates them. Fitted to the authors' own
///         sequential engine, multipliers a hierarchy of their own; it is not in this repository;
///   LUT = 0.832 LC: Vivado's LUTs per LC of yosys;
///   FF  = our count of the schedule's registers: loop counters and addresses, 80 of the activation
///         and requantization registers, N x 56 (weight 8, product 16, accumulator 32);
///   DSP = N where the exact multiplier is a DSP48; requantization is counted in the LUTs.
///   BRAM = weights, N bytes a cycle, + 70 bits of bias and requantization per output channel
///         + one code per output element; each memory on its own, rounded up to 18 Kb.
/// Any other layer has only the BRAM of its output, and no memory if it is a reshape or softmax;
/// its little logic is taken to be part of the 380 of the computing layer before it.
Resources computing_layer_resources(const model::Int8Node& node,
                                    const arith::NamedMultiplier& multiplier, int parallel_outputs,
                                    Baseline baseline);
Resources other_layer_resources(const model::Int8Node& node);

}  // namespace deepaxe::hw::cost
