#include "deepaxe/kernel/table/output_stage.h"

#include <algorithm>

#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr int kMinOutputsPerGroup = 4;       // Below, most of a block of outputs would be padding.
constexpr std::size_t kChannelsAtOnce = 16;  // See Requantizer.

}  // namespace

OutputStage::OutputStage(const ComputingLayer& layer, const HotLoops& loops)
    : layer_(layer), loops_(loops) {
  const ConvGeometry& g = layer.geometry;
  is_narrow_ = g.out_c / g.groups < kMinOutputsPerGroup;
  num_runs_ = is_narrow_ ? 1 : g.groups;
  run_size_ = g.out_c / num_runs_;
  padded_run_ = round_up(run_size_, 8);
  plan_requantization();
}

void OutputStage::plan_requantization() {
  const std::size_t size = stride() + kChannelsAtOnce;
  PerChannel& p = per_channel_;
  for (auto* field : {&p.bias, &p.mantissa, &p.first_shift, &p.half, &p.tie, &p.second_shift}) {
    field->resize(size);
  }
  for (std::size_t o = 0; o < to_size(layer_.geometry.out_c); ++o) {
    const std::size_t c = index(o);
    const quant::RequantScale scale = layer_.scales[o];
    has_left_shift_ = has_left_shift_ || scale.shift > 0;
    const bool is_double = layer_.rounding == quant::Rounding::kDouble;
    const int right_shift = std::max(-scale.shift, 0);
    p.bias[c] = layer_.folded_bias[o];
    p.mantissa[c] = scale.mantissa;
    p.first_shift[c] = is_double ? 31 : 31 + right_shift;
    p.second_shift[c] = is_double ? right_shift : 0;
    p.tie[c] = p.second_shift[c] > 0 ? 1 : 0;
    p.half[c] = p.tie[c] << std::max(p.second_shift[c] - 1, 0);
  }
}

std::size_t OutputStage::stride() const noexcept { return to_size(num_runs_ * padded_run_); }

std::size_t OutputStage::index(std::size_t output) const noexcept {
  return output / to_size(run_size_) * to_size(padded_run_) + output % to_size(run_size_);
}

void OutputStage::to_accumulators(const std::uint32_t* sums, std::size_t num_rows,
                                  std::int32_t* accumulators) const {
  const std::size_t run_size = to_size(run_size_);
  for (std::size_t row = 0; row < num_rows; ++row) {
    const std::int32_t* bias = layer_.folded_bias.data();
    for (int run = 0; run < num_runs_; ++run, sums += padded_run_) {
      for (std::size_t i = 0; i < run_size; ++i) {
        accumulators[i] = static_cast<std::int32_t>(sums[i] + static_cast<std::uint32_t>(bias[i]));
      }
      accumulators += run_size;
      bias += run_size;
    }
  }
}

// Rare: the vector loops know no scale of 1 or more.
void OutputStage::to_codes_one_by_one(const std::uint32_t* sums, std::size_t num_rows,
                                      std::int8_t* codes) const {
  for (std::size_t row = 0; row < num_rows; ++row, sums += stride()) {
    for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
      const std::uint32_t acc = sums[index(o)] + static_cast<std::uint32_t>(layer_.folded_bias[o]);
      *codes++ = quant::requantize_to_code(static_cast<std::int32_t>(acc), layer_.scales[o],
                                           layer_.rounding, layer_.out_zero_point, layer_.clamp_low,
                                           layer_.clamp_high);
    }
  }
}

void OutputStage::to_codes(const std::uint32_t* sums, std::size_t num_rows,
                           std::int8_t* codes) const {
  if (has_left_shift_) {
    to_codes_one_by_one(sums, num_rows, codes);
    return;
  }
  const PerChannel& p = per_channel_;
  for (int run = 0; run < num_runs_; ++run) {
    const int first = run * padded_run_;
    const Requantizer requantizer = {.bias = p.bias.data() + first,
                                     .mantissa = p.mantissa.data() + first,
                                     .first_shift = p.first_shift.data() + first,
                                     .half = p.half.data() + first,
                                     .tie = p.tie.data() + first,
                                     .second_shift = p.second_shift.data() + first,
                                     .out_zero_point = layer_.out_zero_point,
                                     .clamp_low = layer_.clamp_low,
                                     .clamp_high = layer_.clamp_high,
                                     .channels = run_size_};
    loops_.requantize(requantizer, sums + first, stride(), num_rows, codes + run * run_size_,
                      to_size(layer_.geometry.out_c));
  }
}

}  // namespace deepaxe::kernel::table
