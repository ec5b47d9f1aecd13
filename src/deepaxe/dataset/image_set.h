// ImageSet: images with their labels, and the checks that every user of images needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace deepaxe::dataset {

/// Exactly one of `bytes` and `values` is used; both are [size(), height, width, channels],
/// row-major.
struct ImageSet {
  int height = 0, width = 0, channels = 0;  ///< Flat features [n, f] are 1 x 1 x f.
  std::vector<std::uint8_t> bytes;          ///< Pixel codes 0..255.
  std::vector<float> values;                ///< Floats as the file has them.
  bool values_are_unit = false;  ///< Every float lies in [0, 1]: not divided by 255 again.
  std::vector<int> labels;       ///< One for each image, never negative.

  std::size_t size() const noexcept { return labels.size(); }
  bool empty() const noexcept { return labels.empty(); }
  bool has_floats() const noexcept { return !values.empty(); }
  std::size_t elements_per_image() const noexcept;
  std::string shape_text() const;  ///< "28x28x1".
};

/// The first `count` images. Throws InputError naming `source` if there are fewer.
ImageSet first_images(const ImageSet& images, std::size_t count, const std::string& source);

/// Throws InputError, naming `source` and the image, if a label is not in [0, num_classes).
void check_labels(const ImageSet& images, int num_classes, const std::string& source);

/// Throws InputError naming both files and shapes if an image does not fit a model's input (given
/// without the batch dimension). Dimensions of 1 do not count, and flat data fit any input of
/// as many elements: 28x28x1 feeds [784] and [28, 28], but 32x32x3 never feeds [3, 32, 32].
void check_fits(const ImageSet& images, const std::string& source, std::span<const int> input_shape,
                const std::string& model_file);

/// SHA-256 over shape, pixels and labels: tells whether a study was made with the same images.
std::string content_key(const ImageSet& images);

}  // namespace deepaxe::dataset
