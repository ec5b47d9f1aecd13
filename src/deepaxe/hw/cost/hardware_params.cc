#include "deepaxe/hw/cost/hardware_params.h"

#include <array>

namespace deepaxe::hw::cost {
namespace {

constexpr std::array kBaselines = {Baseline::kDsp, Baseline::kNative, Baseline::kGate};
constexpr std::array kCycleModels = {CycleModel::kPaper, CycleModel::kEngine};

template <typename Values>
std::optional<typename Values::value_type> find_by_name(const Values& values,
                                                        std::string_view text) noexcept {
  for (const auto value : values) {
    if (to_string(value) == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Baseline baseline) noexcept {
  if (baseline == Baseline::kDsp) return "dsp";
  return baseline == Baseline::kNative ? "native" : "gate";
}

std::string_view to_string(CycleModel cycle_model) noexcept {
  return cycle_model == CycleModel::kPaper ? "paper" : "engine";
}

std::optional<Baseline> parse_baseline(std::string_view text) noexcept {
  return find_by_name(kBaselines, text);
}

std::optional<CycleModel> parse_cycle_model(std::string_view text) noexcept {
  return find_by_name(kCycleModels, text);
}

}  // namespace deepaxe::hw::cost
