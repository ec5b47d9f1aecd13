// ResourceSource: what the parts of an accelerator need, according to one way of finding out.
#pragma once

#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/resources.h"

namespace deepaxe::hw::cost {

/// Amounts with their error bar: low <= value <= high in each.
struct Estimate {
  Resources value, low, high;

  Estimate& operator+=(const Estimate& other) noexcept {
    value = value + other.value;
    low = low + other.low;
    high = high + other.high;
    return *this;
  }
};
/// Amounts of `count` equal parts.
Estimate operator*(int count, const Estimate& one) noexcept;

/// One line each: where amounts come from and what the error bar means.
struct ResourceTexts {
  std::string lut, ff, dsp, bram;
};

/// Of one network with its parallel outputs. Figures of different sources are never
/// compared: a study has one. Calls may take long (a synthesis) and throw base::InputError; they
/// may come from any thread.
class ResourceSource {
 public:
  virtual ~ResourceSource() = default;

  /// "model", "yosys": as the option --source has it.
  virtual std::string name() const = 0;
  /// What figures depend on besides the design: "closed forms 1", "Yosys 0.23".
  virtual std::string version() const = 0;
  /// The module of the layer at this node but for its multipliers; nothing for input, reshape and
  /// softmax.
  virtual Estimate layer(int node) const = 0;
  /// What the layers share: memories between them and the control of an image.
  virtual Estimate core() const = 0;
  /// One multiplier; an exact one is what the baseline says.
  virtual Estimate multiplier(const arith::NamedMultiplier& multiplier,
                              Baseline baseline) const = 0;
  virtual ResourceTexts texts(LayerMultipliers multipliers, Baseline baseline) const = 0;
};

}  // namespace deepaxe::hw::cost
