// Multipliers as Verilog modules: netlists of gates, the operator, or product tables.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::verilog {

/// The multipliers of a design, each circuit once: equal identities share a module.
class MultiplierModules {
 public:
  /// multipliers[l] belongs to computing layer l. Throws base::InputError for one without a
  /// netlist.
  MultiplierModules(std::span<const arith::NamedMultiplier* const> multipliers,
                    ExactForm exact_form);

  /// "multiply_1KVP": what computing layer `l` multiplies with.
  const std::string& module_of(std::size_t layer) const;
  /// "1KVP = bam(1,3), as gates": for comments.
  std::string describe(std::size_t layer) const;
  const std::string& identity(std::size_t layer) const {
    return layers_.at(layer)->multiplier.identity();
  }

  /// Whether one is the operator `*` kept out of DSP slices.
  bool has_native() const;

  /// multiply_NAME.v of each, and the table that simulation reads with DEEPAXE_TABLES defined.
  void write(design::SourceFiles& files) const;

 private:
  struct Entry {
    const arith::NamedMultiplier* multiplier;
    std::string module;
    ExactForm form;
  };
  const Entry& entry_of(std::size_t layer) const;

  std::vector<const arith::NamedMultiplier*> layers_;
  std::vector<Entry> entries_;  // In order of first use.
};

}  // namespace deepaxe::hw::verilog
