// HLS generation: one design point (int8 model + multipliers) as a self-contained C++ file set.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/hls/output_folder.h"
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

/// Images and what the engine answers to them, in codes; the test bench compares with these.
struct TestVectors {
  std::vector<std::int8_t> images;  ///< [count, input size]
  std::vector<std::int8_t> logits;  ///< [count, logits]
  int count = 0;
};

/// The sources of the design point. multipliers[l] belongs to computing layer l
/// (model::computing_nodes order). The same arguments give the same bytes.
/// Throws base::InputError naming node and op for a node that has no int8 hardware, and
/// std::invalid_argument for a wrong number of multipliers or wrong sizes of test vectors.
SourceFiles generate_hls(const model::Int8Model& model,
                         std::span<const arith::NamedMultiplier* const> multipliers,
                         const TestVectors& vectors, const HlsParams& params);

}  // namespace deepaxe::hw::hls
