// NpyArray: one array of the .npy format of NumPy (versions 1 to 3).
// Source: NEP 1, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace deepaxe::base {

/// Row-major (C order; Fortran order is converted on reading). Little-endian types only.
struct NpyArray {
  std::string dtype;               ///< NumPy's code without byte order: "i1" "u1" "i4" "f4" "f8"...
  std::vector<std::size_t> shape;  ///< Empty: a scalar.
  std::vector<std::byte> bytes;    ///< Product of shape times item size.

  std::size_t num_elements() const noexcept;
  /// Elements converted to double; any dtype of kind b, i, u, f. Throws std::invalid_argument else.
  std::vector<double> as_doubles() const;
  /// Of `count` elements from `first`, which must be there: eight bytes for each are much.
  std::vector<double> as_doubles(std::size_t first, std::size_t count) const;
};

/// Parses the bytes of one .npy; `name` is used in InputError. Sizes are checked before allocating.
NpyArray parse_npy(std::span<const std::byte> bytes, const std::string& name);
NpyArray read_npy(const std::filesystem::path& path);

/// Bytes of a version 1.0 file; parse_npy(format_npy(a)) == a.
std::vector<std::byte> format_npy(const NpyArray& array);

NpyArray make_npy(std::span<const float> values, std::vector<std::size_t> shape);
NpyArray make_npy(std::span<const std::int8_t> values, std::vector<std::size_t> shape);

}  // namespace deepaxe::base
