// Fault: one fault of the hardware that computes a network, and what can be hit.
// Terms: Avizienis et al., "Basic concepts and taxonomy", IEEE TDSC 1(1), 2004.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace deepaxe::fault {

/// What is hit. All but kActivation belong to a computing layer.
enum class Target : std::uint8_t {
  kActivation,       ///< A stored int8 code that a later layer reads; every reader sees the change.
  kWeight,           ///< A stored int8 weight; the folded bias stays as it was stored.
  kBias,             ///< A stored int32 bias, zero point folded in.
  kAccumulator,      ///< The final int32 sum of one output, before requantization.
  kRequantMantissa,  ///< The int32 mantissa of one channel's scale.
  kRequantShift,   ///< Its shift, kShiftBits bits; what lies outside [-31, 30] acts as the nearest.
  kMacUnit,        ///< The product register of one of the N multipliers of a layer, permanently.
  kMultiplierNet,  ///< A net of a multiplier's netlist: permanent in one unit if stuck, of one
                   ///< product if flipped.
};
inline constexpr int kNumTargets = 8;
inline constexpr int kShiftBits = 6;

/// What happens to the bit (for kFlipTwo, to it and the next higher one).
enum class Effect : std::uint8_t { kFlip, kFlipTwo, kStuckAt0, kStuckAt1 };
inline constexpr int kNumEffects = 4;

/// `element` counts, row-major: for kActivation and kAccumulator the elements of the layer's output
/// tensor of one image; for kWeight the weights in the order of kernel::ComputingLayer; for kBias,
/// kRequantMantissa and kRequantShift the output channels; for kMacUnit the units, unit u computing
/// the channels o with o mod N = u; for kMultiplierNet stuck: [unit][net]; flipped: [output
/// element] [product of the output][net].
struct Fault {
  Target target = Target::kActivation;
  Effect effect = Effect::kFlip;
  int node = 0;  ///< Graph node whose tensor, parameters or arithmetic are hit.
  std::uint64_t element = 0;
  int bit = 0;  ///< 0 = least significant; 0 for kMultiplierNet.

  bool operator==(const Fault&) const = default;
};

/// Bits of one element that can be hit: 8 codes and weights, 32 sums, 16 products, 1 net.
int num_bits(Target target) noexcept;

/// Whether the two go together: memories, sums and registers take every effect, units of a MAC are
/// hit permanently, nets are not hit in pairs.
bool is_defined(Target target, Effect effect) noexcept;

/// The word after the fault; `bit` and the word are those of two's complement.
std::uint32_t apply(Effect effect, std::uint32_t word, int bit) noexcept;
std::int8_t apply(Effect effect, std::int8_t code, int bit) noexcept;
std::int32_t apply(Effect effect, std::int32_t word, int bit) noexcept;
/// Of a shift in [-31, 30], the result in the same range.
int apply_to_shift(Effect effect, int shift, int bit) noexcept;

std::string_view to_string(Target target) noexcept;  ///< "activation", "multiplier_net"...
std::string_view to_string(Effect effect) noexcept;  ///< "flip", "flip_two", "stuck_at_0"...
std::optional<Target> parse_target(std::string_view text) noexcept;
std::optional<Effect> parse_effect(std::string_view text) noexcept;

}  // namespace deepaxe::fault
