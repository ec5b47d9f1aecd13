// Shape: sizes of one tensor of one image, the batch axis left out; [height, width, channels] or
// [n].
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace deepaxe::model {

using Shape = std::vector<int>;

/// Product of the sizes; 1 for an empty shape.
std::size_t num_elements(const Shape& shape) noexcept;

/// "28x28x1".
std::string to_string(const Shape& shape);

/// The last axis: channels of an image, units of a vector. 1 for an empty shape.
int num_channels(const Shape& shape) noexcept;

}  // namespace deepaxe::model
