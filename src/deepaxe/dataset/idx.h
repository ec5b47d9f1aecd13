// IDX: the file format of MNIST and its kin. Source: http://yann.lecun.com/exdb/mnist/
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "deepaxe/dataset/dataset.h"

namespace deepaxe::dataset {

/// Whether the folder has a file that looks like a part of an IDX data set.
bool is_idx_folder(const std::filesystem::path& folder);

/// Whether a file is called as the parts of an IDX data set are: "...idx3-ubyte[.gz]".
bool is_idx_file(const std::filesystem::path& file);

/// Reads t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, with `train` train-images-idx3-ubyte
/// ... too where present; '.' may stand for the '-' before "idx", and ".gz" may follow.
Dataset load_idx_folder(const std::filesystem::path& folder, bool with_train);

/// One pair of files. Throws InputError for a wrong magic, wrong sizes, or counts that differ.
ImageSet read_idx(const std::filesystem::path& images_file,
                  const std::filesystem::path& labels_file);

}  // namespace deepaxe::dataset
