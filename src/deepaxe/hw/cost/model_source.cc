#include "deepaxe/hw/cost/model_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/cost/layer_resources.h"
#include "deepaxe/hw/cost/multiplier_luts.h"

namespace deepaxe::hw::cost {
namespace {

// Each way in which a multiplier's LUTs were found, once.
std::string multiplier_sources(LayerMultipliers multipliers, Baseline baseline) {
  std::vector<std::string> sources;
  for (const arith::NamedMultiplier* multiplier : multipliers) {
    std::string source = multiplier_luts(*multiplier, baseline).source;
    if (std::find(sources.begin(), sources.end(), source) == sources.end()) {
      sources.push_back(std::move(source));
    }
  }
  return sources.empty() ? "none" : base::join(sources, "; ");
}

// DSP slices and block RAM are counted, so their bars are not known and left out.
Estimate with_errors(const Resources& resources, double lut_error, double ff_error) {
  Estimate estimate{resources, resources, resources};
  estimate.low.luts *= 1 - lut_error;
  estimate.high.luts *= 1 + lut_error;
  estimate.low.ffs *= 1 - ff_error;
  estimate.high.ffs *= 1 + ff_error;
  return estimate;
}

}  // namespace

ModelSource::ModelSource(const model::Int8Model& model, const HardwareParams& params)
    : model_(model),
      memory_(params.memory),
      schedule_(params.schedule),
      outputs_(model.nodes.size(), 1),
      external_(model.nodes.size(), false) {
  const std::vector<int> computing = model::computing_nodes(model);
  const std::vector<int> outputs = params.outputs_of_layers(computing.size());
  const std::vector<bool> external = params.external_layers(computing.size());
  for (std::size_t l = 0; l < computing.size(); ++l) {
    outputs_[static_cast<std::size_t>(computing[l])] = outputs[l];
    external_[static_cast<std::size_t>(computing[l])] = external[l];
  }
}

std::string ModelSource::version() const {
  return fmt::format("closed forms {}", kResourceModelVersion);
}

Estimate ModelSource::layer(int node) const {
  const auto index = static_cast<std::size_t>(node);
  return with_errors(
      layer_resources(model_, node, outputs_.at(index), memory_, external_.at(index)), kLutError,
      kFfError);
}

Estimate ModelSource::core() const {
  return with_errors(core_resources(model_, memory_, schedule_), kLutError, kFfError);
}

Estimate ModelSource::multiplier(const arith::NamedMultiplier& multiplier,
                                 Baseline baseline) const {
  const MultiplierLuts one = multiplier_luts(multiplier, baseline);
  return to_estimate(one);
}

ResourceTexts ModelSource::texts(LayerMultipliers multipliers, Baseline baseline) const {
  const std::string fit = fmt::format(
      "closed forms fitted to yosys 0.23 on the generated layers, mean error on computing layers "
      "of networks not seen LUT {:.1f} %, FF {:.1f} %; that of yosys against Vivado is not "
      "measured",
      100 * kLutError, 100 * kFfError);
  const bool is_distributed = memory_ == MemoryStyle::kDistributed;
  const char* const native =
      baseline == Baseline::kNative ? " (of a * b the 16 in its carry chain as they are)" : "";
  return {.lut = fmt::format("{}; and {} of each multiplier{}, LC: {}{}", fit, luts_per_lc_text(),
                             native, multiplier_sources(multipliers, baseline),
                             is_distributed ? "; memories in LUTs: 64 bits of ROM or 48 of RAM a "
                                              "LUT, and multiplexers, not in the error bar"
                                            : ""),
          .ff = fit,
          .dsp = baseline == Baseline::kDsp
                     ? "requantizers as yosys makes them, and one DSP48 per exact lane"
                     : "requantizers as yosys makes them",
          .bram = is_distributed
                      ? std::string("none: memories are in LUTs")
                      : fmt::format(
                            "weights and tensors in their best shapes of 18 and 36 Kb, mean error "
                            "{:.1f} % a layer against yosys",
                            100 * kBramError)};
}

}  // namespace deepaxe::hw::cost
