// Outcome: what one fault does to the classification of one image.
// Terms: Avizienis et al., "Basic concepts and taxonomy", IEEE TDSC 1(1), 2004.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace deepaxe::fault {

/// Outcome of one (fault, image). Harmful, beneficial and neutral are SDC: the class changed.
/// The last three are filled by protection and RTL campaigns.
enum class Outcome : std::uint8_t {
  kMasked,            ///< All logits equal.
  kChangedSameClass,  ///< Some logit differs, the class does not.
  kHarmful,           ///< Right to wrong.
  kBeneficial,        ///< Wrong to right.
  kNeutral,           ///< Wrong to another wrong.
  kDetected,
  kCorrected,
  kHang,
};
inline constexpr std::size_t kNumOutcomes = 8;

/// Of a pair whose logits differ somewhere.
constexpr Outcome classify_change(int golden_class, int faulty_class, int label) noexcept {
  if (golden_class == faulty_class) return Outcome::kChangedSameClass;
  if (golden_class == label) return Outcome::kHarmful;
  return faulty_class == label ? Outcome::kBeneficial : Outcome::kNeutral;
}

constexpr bool is_sdc(Outcome outcome) noexcept {
  return outcome == Outcome::kHarmful || outcome == Outcome::kBeneficial ||
         outcome == Outcome::kNeutral;
}

/// counts[outcome]; sums of such records over any split of a campaign are the campaign's.
struct OutcomeCounts {
  std::array<std::int64_t, kNumOutcomes> counts{};

  std::int64_t& operator[](Outcome outcome) { return counts[static_cast<std::size_t>(outcome)]; }
  std::int64_t operator[](Outcome outcome) const {
    return counts[static_cast<std::size_t>(outcome)];
  }
  std::int64_t pairs() const noexcept;
  std::int64_t sdc() const noexcept;  ///< Harmful + beneficial + neutral.
  OutcomeCounts& operator+=(const OutcomeCounts& other) noexcept;
  bool operator==(const OutcomeCounts&) const = default;
};

/// Of the pairs counted, as fractions; 0 for none.
double sdc_rate(const OutcomeCounts& counts) noexcept;
double vulnerability(const OutcomeCounts& counts) noexcept;  ///< (harmful - beneficial) / pairs

/// How the pairs of a campaign were answered; their sum is the number of pairs simulated.
struct SimulationWork {
  std::int64_t masked = 0;     ///< The fault changed no stored code, or its changes died out.
  std::int64_t collapsed = 0;  ///< Came down to a difference met before on the same image.
  std::int64_t evaluated = 0;  ///< Carried to the logits.

  SimulationWork& operator+=(const SimulationWork& other) noexcept {
    masked += other.masked;
    collapsed += other.collapsed;
    evaluated += other.evaluated;
    return *this;
  }
};

}  // namespace deepaxe::fault
