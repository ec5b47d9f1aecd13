#include "deepaxe/store/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "deepaxe/base/input_error.h"

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
  if (!options.is_object() || !options.contains("image_class_sizes")) return {info.num_images};
  const nlohmann::json& sizes = options["image_class_sizes"];
  std::vector<std::int64_t> images;
  for (const nlohmann::json& size : sizes) {
    images.push_back(size.is_number_integer() ? size.get<std::int64_t>() : 0);
  }
  if (std::accumulate(images.begin(), images.end(), std::int64_t{0}) != info.num_images ||
      std::ranges::any_of(images, [](std::int64_t size) { return size < 1; })) {
    throw base::InputError({"study", "image_class_sizes of the options", sizes.dump(),
                            fmt::format("sizes that add up to {} images", info.num_images)});
  }
  return images;
}

std::int64_t FaultRecord::sdc() const noexcept {
  return count(Outcome::kHarmful) + count(Outcome::kBeneficial) + count(Outcome::kNeutral);
}

double PointRecord::accuracy() const noexcept { return ratio(correct, images); }

}  // namespace deepaxe::store
