// HLS generation: one design point (int8 model + multipliers) as a self-contained C++ file set.
#pragma once

#include <map>
#include <span>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/design/test_vectors.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// How an approximate multiplier is written.
enum class MultiplierForm {
  kGates,  ///< Straight-line code, one statement per gate of its netlist.
  kTable,  ///< 65,536 products; also used where a multiplier has no netlist.
};

struct HlsParams {
  std::string name = "accelerator";  ///< Of the top function; made a C++ identifier.
  MultiplierForm form = MultiplierForm::kGates;
  std::map<std::string, MultiplierForm> form_of = {};  ///< By multiplier name, instead of `form`.
  bool exact_as_operator = true;                       ///< Exact products as `*`, else as `form`.
};

/// The sources of the design point. multipliers[l] belongs to computing layer l
/// (model::computing_nodes order). The same arguments give the same bytes.
/// Throws base::InputError naming node and op for a node that has no int8 hardware, and
/// std::invalid_argument for a wrong number of multipliers or wrong sizes of test vectors.
design::SourceFiles generate_hls(const model::Int8Model& model,
                                 std::span<const arith::NamedMultiplier* const> multipliers,
                                 const design::TestVectors& vectors, const HlsParams& params);

}  // namespace deepaxe::hw::hls
