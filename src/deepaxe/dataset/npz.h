// npz: NumPy's archive of named arrays, read as a data set and written.
// Source: https://numpy.org/doc/stable/reference/generated/numpy.savez.html (a zip of .npy files)
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deepaxe/base/npy.h"
#include "deepaxe/dataset/dataset.h"

namespace deepaxe::dataset {

/// The members whose name (without ".npy") is in `wanted`; others are not read. Throws InputError
/// if it is no zip or a wanted member is damaged; a missing member is simply not in the map.
std::map<std::string, base::NpyArray> read_npz(const std::filesystem::path& path,
                                               const std::vector<std::string>& wanted);

/// As `load` on an `.npz`.
Dataset load_npz(const std::filesystem::path& path, bool with_train);

/// x_test, y_test and, where there is a training part, x_train, y_train; stored, not compressed;
/// labels are int32. Written aside and renamed.
void write_npz(const Dataset& dataset, const std::filesystem::path& path);

}  // namespace deepaxe::dataset
