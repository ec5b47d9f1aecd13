#include "deepaxe/model/shape.h"

namespace deepaxe::model {

std::size_t num_elements(const Shape& shape) noexcept {
  std::size_t product = 1;
  for (const int size : shape) product *= static_cast<std::size_t>(size);
  return product;
}

std::string to_string(const Shape& shape) {
  std::string text;
  for (const int size : shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(size);
  }
  return text.empty() ? "scalar" : text;
}

int num_channels(const Shape& shape) noexcept { return shape.empty() ? 1 : shape.back(); }

}  // namespace deepaxe::model
