// YosysSource: resources as yosys counts them in the generated Verilog, unit by unit.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deepaxe/hw/cost/resource_source.h"
#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/synthesis/synthesis.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::synthesis {

struct YosysParams {
  std::filesystem::path cache;  ///< Folder of counts that are known; made if absent.
  double seconds = 600;         ///< For one unit; the tool is stopped beyond it.
};

/// Layers without their multipliers, the core without its layers, and one multiplier of each kind
/// are synthesized when they are first asked for, and never again with the same content.
class YosysSource : public cost::ResourceSource {
 public:
  /// `model` must outlive it. Throws base::InputError if there is no yosys, or as
  /// verilog::generate_verilog.
  YosysSource(const model::Int8Model& model, const cost::HardwareParams& hardware,
              YosysParams params);

  /// Whether the node has a module of its own.
  bool has_layer(int node) const { return layer_names_.contains(node); }

  std::string name() const override { return "yosys"; }
  /// Of yosys, and of the Verilog that the generator writes for the model.
  std::string version() const override;
  cost::Estimate layer(int node) const override;
  cost::Estimate core() const override;
  cost::Estimate multiplier(const arith::NamedMultiplier& multiplier,
                            cost::Baseline baseline) const override;
  cost::ResourceTexts texts(cost::LayerMultipliers multipliers,
                            cost::Baseline baseline) const override;

 private:
  CellCounts counts_of(const Unit& unit) const;

  const model::Int8Model* model_;
  YosysParams params_;
  std::string version_;                     // Of yosys.
  design::SourceFiles files_;               // Of the design with exact multipliers.
  std::map<int, std::string> layer_names_;  // By node: of the modules.
  SynthesisCache cache_;
};

}  // namespace deepaxe::hw::synthesis
