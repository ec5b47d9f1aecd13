// CIFAR-10 binary: records of one label and 32x32 pixels in planes R, G, B.
// Source: https://www.cs.toronto.edu/~kriz/cifar.html
#pragma once

#include <cstddef>
#include <filesystem>

#include "deepaxe/dataset/dataset.h"

namespace deepaxe::dataset {

inline constexpr std::size_t kCifarRecordBytes = 1 + 3 * 32 * 32;

bool is_cifar_folder(const std::filesystem::path& folder);

/// Reads test_batch.bin, and with `train` every data_batch_N.bin that is there, N = 1..5.
Dataset load_cifar_folder(const std::filesystem::path& folder, bool with_train);

/// One file of any name; planes become interleaved channels. Throws InputError unless its size is
/// a positive multiple of kCifarRecordBytes and every label is below 10.
ImageSet read_cifar(const std::filesystem::path& file);

}  // namespace deepaxe::dataset
