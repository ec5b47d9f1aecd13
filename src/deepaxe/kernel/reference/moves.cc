#include "deepaxe/kernel/reference/moves.h"

#include <stdexcept>

namespace deepaxe::kernel::reference {
namespace {

std::vector<std::int64_t> strides_of(std::span<const int> shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

// Calls visit(position) for every position of `shape` in memory order, last axis fastest.
template <typename Visit>
void for_each_position(std::span<const int> shape, Visit visit) {
  std::vector<int> position(shape.size(), 0);
  std::size_t count = 1;
  for (const int size : shape) count *= static_cast<std::size_t>(size);
  for (std::size_t i = 0; i < count; ++i) {
    visit(position);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++position[axis] < shape[axis]) break;
      position[axis] = 0;
    }
  }
}

}  // namespace

Sources permute_sources(std::span<const int> shape, std::span<const int> axes) {
  const std::vector<std::int64_t> strides = strides_of(shape);
  std::vector<int> out;
  out.reserve(axes.size());
  for (const int axis : axes) out.push_back(shape[static_cast<std::size_t>(axis)]);
  Sources sources;
  for_each_position(out, [&](const std::vector<int>& position) {
    std::int64_t source = 0;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      source += position[i] * strides[static_cast<std::size_t>(axes[i])];
    }
    sources.push_back(source);
  });
  return sources;
}

Sources pad_sources(std::span<const int> shape, std::span<const int> before,
                    std::span<const int> after) {
  const std::vector<std::int64_t> strides = strides_of(shape);
  std::vector<int> out;
  out.reserve(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) out.push_back(shape[i] + before[i] + after[i]);
  Sources sources;
  for_each_position(out, [&](const std::vector<int>& position) {
    std::int64_t source = 0;
    for (std::size_t i = 0; i < shape.size() && source != kFill; ++i) {
      const int from = position[i] - before[i];
      source = from < 0 || from >= shape[i] ? kFill : source + from * strides[i];
    }
    sources.push_back(source);
  });
  return sources;
}

Sources slice_sources(std::span<const int> shape, std::span<const int> begin,
                      std::span<const int> size, std::span<const int> stride) {
  const std::vector<std::int64_t> strides = strides_of(shape);
  Sources sources;
  for_each_position(size, [&](const std::vector<int>& position) {
    std::int64_t source = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      source += (begin[i] + std::int64_t{position[i]} * stride[i]) * strides[i];
    }
    sources.push_back(source);
  });
  return sources;
}

void move(std::span<const std::int64_t> sources, std::int8_t fill,
          std::span<const std::int8_t> input, std::span<std::int8_t> output) noexcept {
  for (std::size_t e = 0; e < output.size(); ++e) {
    output[e] = sources[e] == kFill ? fill : input[static_cast<std::size_t>(sources[e])];
  }
}

std::vector<std::uint32_t> broadcast_sources(std::span<const int> shape, std::span<const int> out) {
  if (shape.size() > out.size()) throw std::invalid_argument("more axes than the output");
  const std::size_t missing = out.size() - shape.size();
  const std::vector<std::int64_t> strides = strides_of(shape);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != 1 && shape[i] != out[missing + i]) {
      throw std::invalid_argument("a size that is neither 1 nor the output's");
    }
  }
  std::vector<std::uint32_t> sources;
  for_each_position(out, [&](const std::vector<int>& position) {
    std::int64_t source = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (shape[i] != 1) source += position[missing + i] * strides[i];
    }
    sources.push_back(static_cast<std::uint32_t>(source));
  });
  return sources;
}

}  // namespace deepaxe::kernel::reference
