// HLS generation: one design point (int8 model + multipliers) as a self-contained C++ file set.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/design/test_vectors.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// How an approximate multiplier is written.
enum class MultiplierForm {
  kGates,  ///< Straight-line code, one statement per gate of its netlist.
  kTable,  ///< 65,536 products; also used where a multiplier has no netlist.
  kRtl,    ///< A Verilog module that Vitis HLS takes as a black box, with the gates as C model.
};

/// The order of the loops of a computing layer, outermost first.
enum class LoopOrder {
  kPixel,   ///< Place, output, products: a window is read once for all its outputs.
  kOutput,  ///< Output, place, products: the weights of an output are used for the whole image.
  kInput,   ///< Place, products, output: an element is used for all outputs, whose sums are kept.
};

/// Which loop takes a new iteration every cycle.
enum class Pipeline {
  kInner,   ///< The innermost one: a product of each lane a cycle.
  kWindow,  ///< The one around a sum: all its products at once.
  kNone,
};

struct LoopParams {
  LoopOrder order = LoopOrder::kPixel;
  Pipeline pipeline = Pipeline::kInner;
  int unroll = 1;  ///< Products of one sum side by side, at least 1.
};

enum class Profile {
  kDeepaxe,  ///< The nest that LoopParams and parallel_outputs describe.
  kDeephls,  ///< The nest whose cycles are the paper's law (nest.h); flatten copies.
};

struct HlsParams {
  std::string name = "accelerator";  ///< Of the top function; made a C++ identifier.
  MultiplierForm form = MultiplierForm::kGates;
  std::map<std::string, MultiplierForm> form_of = {};  ///< By multiplier name, instead of `form`.
  bool exact_as_operator = true;                       ///< Exact products as `*`, else as `form`.
  Profile profile = Profile::kDeepaxe;
  LoopParams loops = {};                   ///< Of all computing layers; profile kDeepaxe only.
  std::vector<int> parallel_outputs = {};  ///< By computing layer; empty: 1 everywhere. Likewise.
  std::string part = "xc7s100fgga676-1";   ///< Of the scripts of the tools.
  double clock_ns = 10;
};

/// The sources of the design point. multipliers[l] belongs to computing layer l
/// (model::computing_nodes order). The same arguments give the same bytes.
/// Throws base::InputError naming node and op for a node that has no int8 hardware, and
/// std::invalid_argument for a wrong number of multipliers or parallel outputs, or wrong sizes of
/// test vectors.
design::SourceFiles generate_hls(const model::Int8Model& model,
                                 std::span<const arith::NamedMultiplier* const> multipliers,
                                 const design::TestVectors& vectors, const HlsParams& params);

/// The nodes whose codes the test bench built with DEEPAXE_TRACE writes, in that order for each
/// image; the last is the logits. Throws as generate_hls.
std::vector<int> traced_nodes(const model::Int8Model& model, Profile profile);

}  // namespace deepaxe::hw::hls
