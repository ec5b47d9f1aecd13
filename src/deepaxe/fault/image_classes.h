// ImageClasses: the images of a campaign, those near the border of two classes apart from the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace deepaxe::fault {

/// Every image of a campaign at one position; positions [first[c], first[c + 1]) are class c, of
/// which every part is a random sample. Class 0 has the smallest golden margins: on LeNet-5 4 % of
/// the images have 99 % of all changes of class (docs/faults.md).
struct ImageClasses {
  std::vector<std::uint32_t> order;  ///< [position]: the image.
  std::vector<std::uint32_t> first;  ///< [class], and the number of positions.

  std::size_t num_classes() const noexcept { return first.size() - 1; }
  std::uint32_t num_images() const noexcept { return first.back(); }
  std::uint32_t size(std::size_t c) const noexcept { return first[c + 1] - first[c]; }
  std::size_t class_of(std::uint32_t position) const noexcept;
};

/// Classes that so many images allow, each about three times as large as all before it: 1 to 5.
std::size_t most_image_classes(std::size_t num_images) noexcept;

/// ImageClasses::first: class c ends at num_images / 4^(num_classes - 1 - c).
/// Requires 1 <= num_classes <= most_image_classes(num_images).
std::vector<std::uint32_t> image_class_bounds(std::uint32_t num_images, std::size_t num_classes);

/// The images by rank of their margins, the lower image first among equals; within a class in a
/// random order. One class: `permutation`, whatever the margins, which may be missing there.
ImageClasses image_classes(std::uint32_t num_images, std::span<const int> margins,
                           std::size_t num_classes, std::uint64_t seed);

/// At most about `count` of the images, as many of each class as of any other where it has them.
ImageClasses thinned(const ImageClasses& classes, std::size_t count);

}  // namespace deepaxe::fault
