// LayerInjector: the first difference that a fault of a computing layer makes in its output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "deepaxe/arith/netlist.h"
#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/fault.h"
#include "deepaxe/fault/faulty_tables.h"
#include "deepaxe/fault/image_state.h"

namespace deepaxe::fault {

/// Faults of one computing layer other than those of its stored output. Safe to share between
/// threads.
class LayerInjector {
 public:
  /// `netlist` is that of the layer's multiplier and outlives this; null where there is none or
  /// channels differ in theirs.
  /// `tables`: of the layer's multiplier, or one for each channel.
  LayerInjector(std::shared_ptr<const ComputingNode> node, const arith::Netlist* netlist,
                std::vector<std::shared_ptr<FaultyTables>> tables, int parallel_outputs);

  /// Requires a fault of this layer and an output without changes; leaves in it exactly those
  /// elements whose codes are not the golden ones.
  void inject(const Fault& fault, ImageState& state) const;

 private:
  using FindTable = std::function<std::shared_ptr<const Products>(FaultyTables&)>;

  void inject_weight(const Fault& fault, ImageState& state) const;
  void inject_bias(const Fault& fault, ImageState& state) const;
  void inject_accumulator(const Fault& fault, ImageState& state) const;
  void inject_scale(const Fault& fault, ImageState& state) const;
  // In injector_multiplier.cc: of all products of one unit, or of one product of one output.
  void inject_unit(std::size_t unit, const FindTable& find, ImageState& state) const;
  void inject_product(const Fault& fault, ImageState& state) const;

  void move_if_outside(std::size_t element, std::uint32_t delta, ImageState& state) const;
  FaultyTables& tables(std::size_t channel) const {
    return *tables_[tables_.size() == 1 ? 0 : channel];
  }

  std::shared_ptr<const ComputingNode> node_;
  const arith::Netlist* netlist_;
  std::size_t num_nets_;
  std::size_t num_channels_;
  std::size_t num_positions_;
  std::size_t num_units_;
  std::vector<std::shared_ptr<FaultyTables>> tables_;
};

}  // namespace deepaxe::fault
