#include "deepaxe/dataset/image_set.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/sha256.h"

namespace deepaxe::dataset {
namespace {

std::string shape_text_of(std::span<const int> shape) {
  std::string text;
  for (const int dimension : shape) text += (text.empty() ? "" : "x") + std::to_string(dimension);
  return text.empty() ? "scalar" : text;
}

std::vector<int> without_ones(std::span<const int> shape) {
  std::vector<int> kept;
  std::copy_if(shape.begin(), shape.end(), std::back_inserter(kept), [](int d) { return d != 1; });
  return kept;
}

std::size_t num_elements(std::span<const int> shape) {
  std::size_t count = 1;
  for (const int dimension : shape) count *= static_cast<std::size_t>(std::max(dimension, 0));
  return count;
}

}  // namespace

std::size_t ImageSet::elements_per_image() const noexcept {
  return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
         static_cast<std::size_t>(channels);
}

std::string ImageSet::shape_text() const {
  const int shape[] = {height, width, channels};
  return shape_text_of(shape);
}

ImageSet first_images(const ImageSet& images, std::size_t count, const std::string& source) {
  if (count > images.size()) {
    throw base::InputError({source, "images", std::to_string(images.size()),
                            "at least the " + std::to_string(count) + " asked for"});
  }
  ImageSet first{.height = images.height,
                 .width = images.width,
                 .channels = images.channels,
                 .bytes = {},
                 .values = {},
                 .values_are_unit = images.values_are_unit,
                 .labels = {images.labels.begin(),
                            images.labels.begin() + static_cast<std::ptrdiff_t>(count)}};
  const auto elements = static_cast<std::ptrdiff_t>(count * images.elements_per_image());
  if (images.has_floats()) {
    first.values.assign(images.values.begin(), images.values.begin() + elements);
  } else {
    first.bytes.assign(images.bytes.begin(), images.bytes.begin() + elements);
  }
  return first;
}

void check_labels(const ImageSet& images, int num_classes, const std::string& source) {
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images.labels[i] >= 0 && images.labels[i] < num_classes) continue;
    throw base::InputError({source, "label of image " + std::to_string(i),
                            std::to_string(images.labels[i]),
                            "0.." + std::to_string(num_classes - 1)});
  }
}

void check_fits(const ImageSet& images, const std::string& source, std::span<const int> input_shape,
                const std::string& model_file) {
  const int image_shape[] = {images.height, images.width, images.channels};
  const std::vector<int> image = without_ones(image_shape);
  const std::vector<int> input = without_ones(input_shape);
  const bool same_elements = num_elements(image_shape) == num_elements(input_shape);
  const bool same_order = image == input || image.size() <= 1 || input.size() <= 1;
  if (same_elements && same_order) return;
  throw base::InputError({source, "image shape", images.shape_text(),
                          shape_text_of(input_shape) + " as the input of " + model_file});
}

std::string content_key(const ImageSet& images) {
  base::Sha256 hash;
  hash.add(images.shape_text() + (images.has_floats() ? " float32 " : " uint8 "));
  hash.add(std::to_string(images.size()) + "\n");
  hash.add(std::as_bytes(std::span(images.bytes)));
  hash.add(std::as_bytes(std::span(images.values)));
  hash.add(std::as_bytes(std::span(images.labels)));
  return hash.hex();
}

}  // namespace deepaxe::dataset
