#include "deepaxe/fault/image_classes.h"

#include <algorithm>
#include <numeric>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/sampling.h"

namespace deepaxe::fault {
namespace {

constexpr std::size_t kMostClasses = 5;
constexpr std::uint32_t kGrowth = 4;  // Images up to the end of a class, to that of the one before.

// [image]: its class.
std::vector<std::size_t> classes_by_rank(std::span<const int> margins,
                                         const std::vector<std::uint32_t>& first) {
  std::vector<std::uint32_t> by_margin(margins.size());
  std::iota(by_margin.begin(), by_margin.end(), 0U);
  std::stable_sort(by_margin.begin(), by_margin.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return margins[a] < margins[b]; });
  std::vector<std::size_t> classes(margins.size());
  std::size_t c = 0;
  for (std::uint32_t rank = 0; rank < by_margin.size(); ++rank) {
    while (rank >= first[c + 1]) ++c;
    classes[by_margin[rank]] = c;
  }
  return classes;
}

}  // namespace

std::size_t ImageClasses::class_of(std::uint32_t position) const noexcept {
  return static_cast<std::size_t>(std::upper_bound(first.begin() + 1, first.end(), position) -
                                  first.begin()) -
         1;
}

std::size_t most_image_classes(std::size_t num_images) noexcept {
  std::size_t classes = 1;
  for (std::size_t rest = num_images / kGrowth; rest > 0 && classes < kMostClasses;
       rest /= kGrowth) {
    ++classes;
  }
  return classes;
}

std::vector<std::uint32_t> image_class_bounds(std::uint32_t num_images, std::size_t num_classes) {
  DEEPAXE_ASSERT(num_classes >= 1 && num_classes <= most_image_classes(num_images));
  std::vector<std::uint32_t> first(num_classes + 1);
  std::uint32_t end = num_images;
  for (std::size_t c = num_classes; c > 0; --c, end /= kGrowth) first[c] = end;
  return first;
}

ImageClasses image_classes(std::uint32_t num_images, std::span<const int> margins,
                           std::size_t num_classes, std::uint64_t seed) {
  ImageClasses classes{permutation(num_images, seed), image_class_bounds(num_images, num_classes)};
  if (num_classes == 1) return classes;
  DEEPAXE_ASSERT(margins.size() == num_images);
  const std::vector<std::size_t> class_of_image = classes_by_rank(margins, classes.first);
  std::stable_sort(
      classes.order.begin(), classes.order.end(),
      [&](std::uint32_t a, std::uint32_t b) { return class_of_image[a] < class_of_image[b]; });
  return classes;
}

ImageClasses thinned(const ImageClasses& classes, std::size_t count) {
  ImageClasses thin;
  thin.first.push_back(0);
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    const std::size_t fair =
        (count - std::min(count, thin.order.size())) / (classes.num_classes() - c);
    const std::size_t taken = std::clamp<std::size_t>(fair, 1, classes.size(c));
    const auto begin = classes.order.begin() + classes.first[c];
    thin.order.insert(thin.order.end(), begin, begin + static_cast<std::ptrdiff_t>(taken));
    thin.first.push_back(static_cast<std::uint32_t>(thin.order.size()));
  }
  return thin;
}

}  // namespace deepaxe::fault
