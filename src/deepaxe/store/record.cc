#include "deepaxe/store/record.h"

#include <nlohmann/json.hpp>

namespace deepaxe::store {
namespace {

double ratio(std::int64_t part, std::int64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

const char* outcome_name(Outcome outcome) noexcept {
  static constexpr std::array<const char*, kNumOutcomes> kNames = {
      "masked",   "changed, same class", "harmful", "beneficial", "neutral",
      "detected", "corrected",           "hang"};
  return kNames[static_cast<std::size_t>(outcome)];
}

const char* status_name(PointStatus status) noexcept {
  static constexpr std::array<const char*, 3> kNames = {"evaluated", "gated", "injected"};
  return kNames[static_cast<std::size_t>(status)];
}

std::vector<std::int64_t> image_class_sizes(const StudyInfo& info) {
  const auto options = nlohmann::json::parse(info.options, nullptr, false);
  const std::vector<std::int64_t> one = {info.num_images};
  return options.is_object() ? options.value("image_class_sizes", one) : one;
}

std::int64_t FaultRecord::sdc() const noexcept {
  return count(Outcome::kHarmful) + count(Outcome::kBeneficial) + count(Outcome::kNeutral);
}

double PointRecord::accuracy() const noexcept { return ratio(correct, images); }

}  // namespace deepaxe::store
