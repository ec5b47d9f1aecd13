// Random layers and multipliers for the tests of kernels; everything a function of one seed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/base/seed_for_test.h"
#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::kernel {

using base::test_seed;

/// Draws in sequence.
class Dice {
 public:
  explicit Dice(std::uint64_t stream) : rng_(test_seed(), stream) {}
  int in(int low, int high) {
    const auto count = static_cast<std::uint64_t>(std::int64_t{high} - low + 1);
    return static_cast<int>(low + static_cast<std::int64_t>(rng_.below(count, index_++)));
  }
  std::int8_t code() { return static_cast<std::int8_t>(in(-128, 127)); }
  double unit() { return rng_.unit(index_++); }
  /// Mostly `zero`, as after a rectifier.
  std::vector<std::int8_t> sparse_codes(std::size_t size, std::int8_t zero) {
    std::vector<std::int8_t> result(size, zero);
    for (std::int8_t& value : result) {
      if (in(0, 3) == 0) value = code();
    }
    return result;
  }
  std::vector<std::int8_t> codes(std::size_t size) {
    std::vector<std::int8_t> result(size);
    for (std::int8_t& value : result) value = code();
    return result;
  }

 private:
  base::CounterRng rng_;
  std::uint64_t index_ = 0;
};

/// The smallest padded input that the window needs, never empty.
inline ConvGeometry random_geometry(Dice& dice) {
  ConvGeometry g;
  const int kind = dice.in(0, 4);  // Dense, depthwise, grouped, two plain ones.
  if (kind == 0) {
    g.in_c = dice.in(1, 70);
    g.out_c = dice.in(1, 150);
    return g;
  }
  g.groups = kind == 1 ? dice.in(1, 9) : (kind == 2 ? dice.in(2, 3) : 1);
  g.in_c = g.groups * (kind == 1 ? 1 : dice.in(1, 6));
  g.out_c = g.groups * (kind == 1 ? dice.in(1, 3) : dice.in(1, kind == 2 ? 12 : 75));
  g.kernel_h = dice.in(1, 4);
  g.kernel_w = dice.in(1, 4);
  g.stride_h = dice.in(1, 3);
  g.stride_w = dice.in(1, 3);
  g.dilation_h = dice.in(1, 2);
  g.dilation_w = dice.in(1, 2);
  g.pad_top = dice.in(0, (g.kernel_h - 1) * g.dilation_h);
  g.pad_left = dice.in(0, (g.kernel_w - 1) * g.dilation_w);
  g.in_h = dice.in(1, 9);
  g.in_w = dice.in(1, 9);
  const int extent_h = (g.kernel_h - 1) * g.dilation_h + 1;
  const int extent_w = (g.kernel_w - 1) * g.dilation_w + 1;
  const int after_h = dice.in(0, extent_h);
  const int after_w = dice.in(0, extent_w);
  g.out_h = std::max(0, g.in_h + g.pad_top + after_h - extent_h) / g.stride_h + 1;
  g.out_w = std::max(0, g.in_w + g.pad_left + after_w - extent_w) / g.stride_w + 1;
  return g;
}

inline ComputingLayer random_layer(Dice& dice, const ConvGeometry& geometry) {
  ComputingLayer layer;
  layer.geometry = geometry;
  const auto out_c = static_cast<std::size_t>(geometry.out_c);
  layer.weights = dice.codes(out_c * geometry.depth());
  const bool may_shift_left = dice.in(0, 7) == 0;
  for (std::size_t o = 0; o < out_c; ++o) {
    layer.folded_bias.push_back(dice.in(-200'000, 200'000));
    layer.scales.push_back(quant::make_requant_scale(
        std::ldexp(0.5 + dice.unit(), may_shift_left ? 0 : -dice.in(2, 14))));
  }
  layer.rounding = dice.in(0, 1) == 0 ? quant::Rounding::kSingle : quant::Rounding::kDouble;
  layer.in_zero_point = dice.code();
  layer.out_zero_point = dice.code();
  layer.clamp_low = dice.in(-128, 0);
  layer.clamp_high = dice.in(1, 127);
  return layer;
}

enum class TableKind {
  kExact,
  kRandom,
  kHighest,
  kLowest,
  kExtremes,
  kSmallErrors,  // Many of them add up in 16 bits...
  kLargeErrors,  // ...or only some.
  kLowRank,      // Seven products of functions of one operand; some factors take two bytes.
  kNumKinds
};

inline arith::Multiplier make_low_rank_multiplier(int rank, Dice& dice) {
  std::vector<std::int16_t> products(arith::Multiplier::kNumProducts);
  for (int term = 0; term < rank; ++term) {
    const int largest_f = dice.in(1, 40);
    const int largest_g = dice.in(1, term == 0 ? 160 : 60);
    std::vector<int> f(256);
    std::vector<int> g(256);
    for (std::size_t i = 0; i < 256; ++i) {
      f[i] = dice.in(-largest_f, largest_f);
      g[i] = dice.in(-largest_g, largest_g);
    }
    for (std::size_t i = 0; i < products.size(); ++i) {
      products[i] = static_cast<std::int16_t>(products[i] + f[i >> 8] * g[i & 255]);
    }
  }
  return arith::Multiplier(std::move(products));
}

/// Any int16 table is a legal multiplier; the extremes find accumulators that are too narrow.
inline arith::Multiplier make_test_multiplier(TableKind kind, Dice& dice) {
  if (kind == TableKind::kExact) return arith::Multiplier::exact();
  if (kind == TableKind::kLowRank) return make_low_rank_multiplier(7, dice);
  const arith::Multiplier exact = arith::Multiplier::exact();
  std::vector<std::int16_t> products(exact.products().begin(), exact.products().end());
  for (std::int16_t& product : products) {
    switch (kind) {
      case TableKind::kSmallErrors:
        product = static_cast<std::int16_t>(product + dice.in(-60, 30));
        break;
      case TableKind::kLargeErrors:
        product = static_cast<std::int16_t>(product + dice.in(-3000, 4000));
        break;
      case TableKind::kHighest:
        product = 16384;
        break;
      case TableKind::kLowest:
        product = -16256;
        break;
      case TableKind::kExtremes:
        product = static_cast<std::int16_t>(dice.in(0, 1) == 0 ? -32768 : 32767);
        break;
      default:
        product = static_cast<std::int16_t>(dice.in(-32768, 32767));
    }
  }
  return arith::Multiplier(std::move(products));
}

}  // namespace deepaxe::kernel
