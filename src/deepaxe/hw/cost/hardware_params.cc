#include "deepaxe/hw/cost/hardware_params.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>

namespace deepaxe::hw::cost {
namespace {

constexpr std::array kBaselines = {Baseline::kDsp, Baseline::kNative, Baseline::kGate};
constexpr std::array kMemoryStyles = {MemoryStyle::kBlock, MemoryStyle::kDistributed};
constexpr std::array kCycleModels = {CycleModel::kPaper, CycleModel::kEngine,
                                     CycleModel::kInterval};
constexpr std::array kSchedules = {design::ImageSchedule::kSequential,
                                   design::ImageSchedule::kPipelined};

template <typename Values>
std::optional<typename Values::value_type> find_by_name(const Values& values,
                                                        std::string_view text) noexcept {
  for (const auto value : values) {
    if (to_string(value) == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::vector<int> HardwareParams::outputs_of_layers(std::size_t num_layers) const {
  std::vector<int> outputs = layer_outputs;
  if (outputs.empty()) outputs.assign(num_layers, parallel_outputs);
  if (outputs.size() != num_layers) {
    throw std::invalid_argument(fmt::format("parallel outputs of {} layers for {} computing layers",
                                            outputs.size(), num_layers));
  }
  for (const int n : outputs) {
    if (n < 1)
      throw std::invalid_argument(fmt::format("{} parallel outputs, expected at least 1", n));
  }
  return outputs;
}

std::vector<bool> HardwareParams::external_layers(std::size_t num_layers) const {
  if (external_weights.empty()) return std::vector<bool>(num_layers, false);
  if (external_weights.size() != num_layers) {
    throw std::invalid_argument(fmt::format("weight memories of {} layers for {} computing layers",
                                            external_weights.size(), num_layers));
  }
  return external_weights;
}

std::string describe_outputs(std::span<const int> outputs) {
  if (outputs.empty()) return "no outputs";
  if (std::ranges::adjacent_find(outputs, std::ranges::not_equal_to()) == outputs.end()) {
    return fmt::format("{} output{}", outputs.front(), outputs.front() == 1 ? "" : "s");
  }
  return fmt::format("{} outputs by layer", fmt::join(outputs, ", "));
}

std::string_view to_string(Baseline baseline) noexcept {
  if (baseline == Baseline::kDsp) return "dsp";
  return baseline == Baseline::kNative ? "native" : "gate";
}

std::string_view to_string(MemoryStyle memory) noexcept {
  return memory == MemoryStyle::kBlock ? "block" : "distributed";
}

std::string_view to_string(CycleModel cycle_model) noexcept {
  if (cycle_model == CycleModel::kPaper) return "paper";
  return cycle_model == CycleModel::kEngine ? "engine" : "interval";
}

std::string_view to_string(design::ImageSchedule schedule) noexcept {
  return schedule == design::ImageSchedule::kSequential ? "sequential" : "pipelined";
}

std::optional<Baseline> parse_baseline(std::string_view text) noexcept {
  return find_by_name(kBaselines, text);
}

std::optional<MemoryStyle> parse_memory_style(std::string_view text) noexcept {
  return find_by_name(kMemoryStyles, text);
}

std::optional<CycleModel> parse_cycle_model(std::string_view text) noexcept {
  return find_by_name(kCycleModels, text);
}

std::optional<design::ImageSchedule> parse_image_schedule(std::string_view text) noexcept {
  return find_by_name(kSchedules, text);
}

}  // namespace deepaxe::hw::cost
