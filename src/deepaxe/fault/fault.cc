#include "deepaxe/fault/fault.h"

#include <algorithm>
#include <array>

namespace deepaxe::fault {
namespace {

struct TargetTraits {
  std::string_view name;
  int bits = 0;
};
// By Target.
constexpr std::array<TargetTraits, kNumTargets> kTargets = {{{"activation", 8},
                                                             {"weight", 8},
                                                             {"bias", 32},
                                                             {"accumulator", 32},
                                                             {"requant_mantissa", 32},
                                                             {"requant_shift", kShiftBits},
                                                             {"mac_unit", 16},
                                                             {"multiplier_net", 1}}};
// By Effect.
constexpr std::array<std::string_view, kNumEffects> kEffects = {"flip", "flip_two", "stuck_at_0",
                                                                "stuck_at_1"};

const TargetTraits& traits(Target target) { return kTargets[static_cast<std::size_t>(target)]; }

}  // namespace

int num_bits(Target target) noexcept { return traits(target).bits; }

bool is_defined(Target target, Effect effect) noexcept {
  const bool is_stuck = effect == Effect::kStuckAt0 || effect == Effect::kStuckAt1;
  if (target == Target::kMacUnit) return is_stuck;
  return target != Target::kMultiplierNet || effect != Effect::kFlipTwo;
}

std::uint32_t apply(Effect effect, std::uint32_t word, int bit) noexcept {
  switch (effect) {
    case Effect::kFlip:
      return word ^ 1U << bit;
    case Effect::kFlipTwo:
      return word ^ 3U << bit;
    case Effect::kStuckAt0:
      return word & ~(1U << bit);
    case Effect::kStuckAt1:
      return word | 1U << bit;
  }
  return word;
}

std::int8_t apply(Effect effect, std::int8_t code, int bit) noexcept {
  return static_cast<std::int8_t>(static_cast<std::uint8_t>(
      apply(effect, std::uint32_t{static_cast<std::uint8_t>(code)}, bit)));
}

std::int32_t apply(Effect effect, std::int32_t word, int bit) noexcept {
  return static_cast<std::int32_t>(apply(effect, static_cast<std::uint32_t>(word), bit));
}

int apply_to_shift(Effect effect, int shift, int bit) noexcept {
  constexpr std::uint32_t kMask = (1U << kShiftBits) - 1, kSign = 1U << (kShiftBits - 1);
  const std::uint32_t field = apply(effect, static_cast<std::uint32_t>(shift) & kMask, bit) & kMask;
  const int value = static_cast<int>(field ^ kSign) - static_cast<int>(kSign);
  return std::clamp(value, -31, 30);
}

std::string_view to_string(Target target) noexcept { return traits(target).name; }

std::string_view to_string(Effect effect) noexcept {
  return kEffects[static_cast<std::size_t>(effect)];
}

std::optional<Target> parse_target(std::string_view text) noexcept {
  for (int i = 0; i < kNumTargets; ++i) {
    if (kTargets[static_cast<std::size_t>(i)].name == text) return static_cast<Target>(i);
  }
  return std::nullopt;
}

std::optional<Effect> parse_effect(std::string_view text) noexcept {
  const auto* const found = std::find(kEffects.begin(), kEffects.end(), text);
  if (found == kEffects.end()) return std::nullopt;
  return static_cast<Effect>(found - kEffects.begin());
}

}  // namespace deepaxe::fault
