// Hdf5Content: the text attributes and float arrays of an HDF5 file, read by a child process.
// The HDF5 library (1.10) hangs or crashes on some damaged files; the child is killed instead.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace deepaxe::frontend::keras {

struct Hdf5Array {
  std::vector<int> shape;  ///< Empty: a scalar.
  std::vector<float> values;
};

/// Paths are absolute without the leading '/': "model_weights/conv1"; "" is the root.
struct Hdf5Content {
  using Strings = std::vector<std::string>;
  std::map<std::string, std::map<std::string, Strings>> attributes;  ///< [group][name]
  std::map<std::string, Hdf5Array> arrays;

  /// The attribute's strings; null if there is none.
  const Strings* attribute(const std::string& group, const std::string& name) const;
  /// Its first string; empty if there is none.
  std::string text(const std::string& group, const std::string& name) const;
  /// Whether any array or attribute lies in or below the group.
  bool has_group(const std::string& group) const;
};

bool looks_like_hdf5(std::span<const std::byte> bytes) noexcept;

/// Parses the bytes of a file; optimizer state is left out. `file` is named in InputError.
Hdf5Content read_hdf5(std::span<const std::byte> bytes, const std::string& file);

}  // namespace deepaxe::frontend::keras
