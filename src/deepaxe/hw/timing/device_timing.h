// DeviceTiming: delays of the cells of a 7-series device, and what a net between them may take.
#pragma once

namespace deepaxe::hw::timing {

/// Nanoseconds. Cells are those of Artix-7, speed grade -1; Spartan-7 of that grade is of the same
/// process and is taken to be equal.
///   register, LUT   public Vivado timing reports of routed designs (FDRE C->Q, LUT6 I->O);
///   carry, memory, DSP, control pins   SDF of project X-Ray, as in the cell library of yosys 0.23
///                   (techlibs/xilinx/cells_sim.v); its CYINIT->O[1] is the 0.598 of such a report;
///   nets            mean and standard deviation of 12 nets between slices on critical paths of
///                   three such reports (0.302 to 1.326 ns): the largest share, and the least
///                   known.
struct DeviceTiming {
  double register_to_q = 0.456;
  double memory_to_q = 2.454;     ///< Block RAM without its output register.
  double lut = 0.124;             ///< Any input.
  double carry_in = 0.528;        ///< S of the first CARRY4 to its carry out.
  double carry_4 = 0.114;         ///< Carry in to carry out of one CARRY4.
  double carry_out = 0.334;       ///< Carry in of the last CARRY4 to its sum.
  double multiply_setup = 2.739;  ///< A of a DSP48E1 to the clock of its output register.
  double multiply = 3.841;        ///< A to P of a DSP48E1.
  double cascade = 1.107;         ///< PCIN to P of a DSP48E1.
  double enable_setup = 0.109;    ///< CE of a register; that of D is 0.
  double reset_setup = 0.404;     ///< R or S of a register.
  double net = 0.757;
  double net_deviation = 0.288;
};
inline constexpr DeviceTiming kArtix7Minus1{};

}  // namespace deepaxe::hw::timing
