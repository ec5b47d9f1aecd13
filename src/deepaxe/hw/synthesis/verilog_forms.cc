#include "deepaxe/hw/synthesis/verilog_forms.h"

namespace deepaxe::hw::synthesis {

verilog::ExactForm to_verilog(cost::Baseline baseline) noexcept {
  switch (baseline) {
    case cost::Baseline::kDsp:
      return verilog::ExactForm::kDsp;
    case cost::Baseline::kNative:
      return verilog::ExactForm::kNative;
    case cost::Baseline::kGate:
      break;
  }
  return verilog::ExactForm::kGates;
}

verilog::MemoryStyle to_verilog(cost::MemoryStyle memory) noexcept {
  return memory == cost::MemoryStyle::kDistributed ? verilog::MemoryStyle::kDistributed
                                                   : verilog::MemoryStyle::kBlock;
}

}  // namespace deepaxe::hw::synthesis
