// Verilog generation: one design point (int8 model + multipliers) as a synthesizable accelerator.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/design/test_vectors.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::verilog {

/// What an exact multiplier is made of.
enum class ExactForm {
  kGates,   ///< The netlist of the gate-level exact circuit.
  kNative,  ///< `*` in LUTs and carry chains.
  kDsp,     ///< `*` in a DSP slice.
};

/// What the memories of codes and weights are made of.
enum class MemoryStyle { kBlock, kDistributed };

struct VerilogParams {
  std::string name = "accelerator";   ///< Of the top module; made an identifier.
  std::vector<int> parallel_outputs;  ///< One for each computing layer; empty: 1 everywhere.
  /// By computing layer: its weights come on a stream of their own instead of from a ROM; empty:
  /// all from ROMs.
  std::vector<bool> weight_streams = {};
  design::ImageSchedule schedule = design::ImageSchedule::kSequential;
  ExactForm exact_form = ExactForm::kGates;
  MemoryStyle memory = MemoryStyle::kBlock;
  double clock_mhz = 100;  ///< Of the constraints; positive.
  /// Of the Vivado script, with package and speed grade; empty: it asks for one.
  std::string device = "xc7s100fgga676-1";
};

/// The sources of the design point. multipliers[l] belongs to computing layer l
/// (model::computing_nodes order). The same arguments give the same bytes.
/// Throws base::InputError naming node and op for a layer the engine does not have, and naming the
/// multiplier for one without a netlist; std::invalid_argument for a wrong number of multipliers or
/// parallel outputs, or wrong sizes of test vectors.
design::SourceFiles generate_verilog(const model::Int8Model& model,
                                     std::span<const arith::NamedMultiplier* const> multipliers,
                                     const design::TestVectors& vectors,
                                     const VerilogParams& params);

}  // namespace deepaxe::hw::verilog
