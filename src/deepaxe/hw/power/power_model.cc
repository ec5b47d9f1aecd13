#include "deepaxe/hw/power/power_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/hw/cost/cost.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/hw/cost/weight_bandwidth.h"

namespace deepaxe::hw::power {
namespace {

constexpr double kNjPerPj = 1e-3;
constexpr int kOperandBits = 8, kProductBits = 16;

double toggles_nj(double toggles) { return kNjPerPj * k7Series.toggle_pj * toggles; }

// Registers and LUT outputs that are counted toggle by toggle.
double datapath_nets(const design::LayerWalk& walk) {
  return kOperandBits + walk.lanes * (kOperandBits + kProductBits + 2.0 * walk.sum_bits());
}

EnergyTerms measured_nj(const ProductActivity& activity, double macs, double cycles) {
  return {.multipliers = toggles_nj(macs * activity.luts_unit_delay),
          .dsp = kNjPerPj * k7Series.dsp_pj * macs * activity.dsp_slices,
          .accumulators = toggles_nj(macs * activity.registers + cycles * activity.activation)};
}

}  // namespace

EnergyTerms& EnergyTerms::operator+=(const EnergyTerms& other) noexcept {
  multipliers += other.multipliers;
  dsp += other.dsp;
  accumulators += other.accumulators;
  control += other.control;
  clock += other.clock;
  memories += other.memories;
  leakage += other.leakage;
  return *this;
}

EnergyTerms EnergyTerms::with(const DeviceEnergy& device) const noexcept {
  const double toggle = device.toggle_pj / k7Series.toggle_pj;
  return {.multipliers = multipliers * toggle,
          .dsp = dsp * device.dsp_pj / k7Series.dsp_pj,
          .accumulators = accumulators * toggle,
          .control = control * toggle,
          .clock = clock * device.clock_pj / k7Series.clock_pj,
          .memories = memories * device.block_pj / k7Series.block_pj,
          .leakage = leakage * device.static_mw / k7Series.static_mw};
}

std::string_view power_source() noexcept {
  return "estimate, uncalibrated: toggles of the operand stream x energies of public Vivado "
         "reports (Arty A7-35T; DSP slices: Red Pitaya), over the cycles of the engine, of a "
         "pipeline from image to image; memory outside the part is not in it; bar: least and "
         "most of each energy over six reports";
}

PowerModel::PowerModel(const model::Int8Model& model, const cost::HardwareParams& params,
                       const cost::ResourceSource& source,
                       std::span<const std::span<const std::int8_t>> inputs, double clock_mhz)
    : baseline_(params.baseline) {
  const std::vector<int> computing = model::computing_nodes(model);
  const std::vector<int> outputs = params.outputs_of_layers(computing.size());
  if (inputs.size() != computing.size() ||
      std::ranges::any_of(inputs, [](const auto& codes) { return codes.empty(); })) {
    throw std::invalid_argument(
        fmt::format("{} inputs of {} computing layers", inputs.size(), computing.size()));
  }
  if (!(clock_mhz > 0)) throw std::invalid_argument(fmt::format("a clock of {} MHz", clock_mhz));
  const cost::EngineTiming timing = cost::engine_timing(model, outputs, params.schedule);
  const bool is_pipelined = params.schedule == design::ImageSchedule::kPipelined;
  total_cycles_ = static_cast<double>(is_pipelined ? timing.interval : timing.cycles);
  microseconds_ = total_cycles_ / clock_mhz;
  external_bytes_ = cost::weight_bandwidth(model, outputs, params.external_layers(computing.size()),
                                           timing.interval)
                        .bytes_per_image;
  for (int node = 0; node < static_cast<int>(model.nodes.size()); ++node) {
    const auto busy = static_cast<double>(cost::engine_layer_cycles(model, node, 1));
    if (busy == 0) continue;
    const std::string& name = model.nodes[static_cast<std::size_t>(node)].name;
    const std::size_t l = layers_.size();
    if (l == computing.size() || computing[l] != node) {
      add_row(name, source.layer(node).value, 0, busy);
      continue;
    }
    const OperandStream stream(model, node, outputs[l]);
    layers_.push_back(
        {.row = rows_.size(),
         .sample = sample_operands(stream, inputs[l]),
         .sum_bits = stream.walk().sum_bits(),
         .macs = static_cast<double>(model::num_macs(model, node)),
         .cycles = static_cast<double>(stream.num_windows()) * stream.walk().depth()});
    add_row(name, source.layer(node).value, datapath_nets(stream.walk()),
            static_cast<double>(cost::engine_layer_cycles(model, node, outputs[l])));
  }
  add_row(cost::kCoreName, source.core().value, 0, total_cycles_);
  rows_.back().nj.leakage = k7Series.static_mw * params.part.luts * microseconds_;
  for (const LayerEnergy& row : rows_) fixed_nj_ += row.nj.total();
  activities_.resize(layers_.size());
}

void PowerModel::add_row(const std::string& name, const cost::Resources& resources,
                         double datapath_nets, double busy_cycles) {
  const double nets = std::max(0.0, resources.luts + resources.ffs - datapath_nets);
  LayerEnergy row{.layer = name, .nj = {}, .settled_nj = 0};
  row.nj.control = toggles_nj(nets * kDefaultActivity * busy_cycles);
  row.nj.dsp = kNjPerPj * k7Series.dsp_pj * resources.dsps * busy_cycles;
  row.nj.clock = kNjPerPj * k7Series.clock_pj * resources.ffs * total_cycles_;
  row.nj.memories = kNjPerPj * k7Series.block_pj * resources.bram_36kb * total_cycles_;
  rows_.push_back(std::move(row));
}

bool PowerModel::is_in_dsp(const arith::NamedMultiplier& multiplier) const noexcept {
  return baseline_ == cost::Baseline::kDsp && multiplier.multiplier.is_exact();
}

// Called with the mutex held. An exact multiplier of `native` toggles as the gate-level one.
const SwitchingModel* PowerModel::circuit_of(const arith::NamedMultiplier& multiplier) const {
  const auto known = circuits_.find(&multiplier);
  if (known != circuits_.end()) return &known->second;
  const bool is_exact = multiplier.multiplier.is_exact();
  if (!is_exact && !multiplier.netlist) return nullptr;
  const arith::NamedMultiplier& gates = is_exact ? *arith::find_multiplier("1KV6") : multiplier;
  return &circuits_.try_emplace(&multiplier, netlist_of(gates), cost::depth_luts(gates))
              .first->second;
}

PowerModel::Activity PowerModel::find_activity(const Layer& layer,
                                               const arith::NamedMultiplier& multiplier) const {
  const bool in_dsp = is_in_dsp(multiplier);
  const SwitchingModel* circuit = in_dsp ? nullptr : circuit_of(multiplier);
  if (circuit == nullptr && !in_dsp) return std::nullopt;
  return measure_activity(layer.sample, multiplier.multiplier, circuit, layer.sum_bits);
}

PowerModel::Activity PowerModel::activity(std::size_t layer,
                                          const arith::NamedMultiplier& multiplier) const {
  const std::scoped_lock lock(mutex_);
  auto& known = activities_[layer];
  const auto place = known.find(&multiplier);
  if (place != known.end()) return place->second;
  return known.emplace(&multiplier, find_activity(layers_[layer], multiplier)).first->second;
}

std::optional<PowerEstimate> PowerModel::estimate(cost::LayerMultipliers multipliers,
                                                  std::string* unknown) const {
  if (multipliers.size() != layers_.size()) {
    throw std::invalid_argument(
        fmt::format("{} multipliers for {} computing layers", multipliers.size(), layers_.size()));
  }
  PowerEstimate estimate;
  estimate.layers = rows_;
  estimate.microseconds = microseconds_;
  estimate.external_bytes = external_bytes_;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Activity found = activity(l, *multipliers[l]);
    if (!found) {
      if (unknown != nullptr) *unknown = multipliers[l]->name;
      return std::nullopt;
    }
    LayerEnergy& row = estimate.layers[layers_[l].row];
    row.nj += measured_nj(*found, layers_[l].macs, layers_[l].cycles);
    row.settled_nj = toggles_nj(layers_[l].macs * found->luts_settled);
    estimate.settled_nj += row.settled_nj;
    estimate.products += layers_[l].sample.products;
  }
  for (const LayerEnergy& row : estimate.layers) estimate.total += row.nj;
  return estimate;
}

std::optional<double> PowerModel::energy_nj(cost::LayerMultipliers multipliers) const {
  double nj = fixed_nj_;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Activity found = activity(l, *multipliers[l]);
    if (!found) return std::nullopt;
    nj += measured_nj(*found, layers_[l].macs, layers_[l].cycles).total();
  }
  return nj;
}

}  // namespace deepaxe::hw::power
