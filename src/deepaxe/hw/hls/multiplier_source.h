// Multipliers as C++ functions: straight-line gates, a product table, the operator, a black box.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/hls/hls.h"
#include "deepaxe/hw/hls/source_writer.h"

namespace deepaxe::hw::hls {

/// The multipliers of a design, each circuit once: equal identities share a function.
class MultiplierSet {
 public:
  /// multipliers[l] belongs to computing layer l.
  MultiplierSet(std::span<const arith::NamedMultiplier* const> multipliers,
                const HlsParams& params);

  /// "multiply_1KVP": what computing layer `l` calls.
  const std::string& function_of(std::size_t layer) const;
  /// "1KVP = bam(1,3), as gates": how the layer multiplies, for comments.
  std::string describe(std::size_t layer) const;
  const arith::NamedMultiplier& multiplier(std::size_t layer) const { return *layers_[layer]; }

  /// All of multipliers.h.
  std::string header() const;
  /// Functions that are black boxes: each has a C model, a Verilog module and their description.
  std::vector<std::string> black_boxes() const;
  /// multipliers.h and the files of the black boxes.
  void write(design::SourceFiles& files) const;

 private:
  enum class Form { kOperator, kGates, kTable, kRtl };
  struct Entry {
    const arith::NamedMultiplier* multiplier;
    std::string function;
    Form form;
  };

  static Form form_of(const arith::NamedMultiplier& multiplier, const HlsParams& params);
  const Entry& entry_of(std::size_t layer) const;
  static void write_entry(SourceWriter& out, const Entry& entry);

  std::vector<const arith::NamedMultiplier*> layers_;
  std::vector<Entry> entries_;  // In order of first use.
};

/// `inline std::int16_t function(a, b)`: one statement per gate of the simplified netlist.
void write_gate_function(SourceWriter& out, const std::string& function,
                         const arith::Netlist& netlist);

/// The products as `function`_products and the function that reads them. Index: bit pattern of a
/// times 256 plus bit pattern of b, as Multiplier::index.
void write_table_function(SourceWriter& out, const std::string& function,
                          const arith::Multiplier& multiplier);

}  // namespace deepaxe::hw::hls
