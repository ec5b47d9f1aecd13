// Dataset: what `--data` names, loaded: a folder, a file or the built-in digits.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "deepaxe/dataset/image_set.h"

namespace deepaxe::dataset {

struct Dataset {
  std::string name;     ///< "mnist", "cifar10", "digits", or the name of the file or folder.
  std::string source;   ///< What was read, for messages and records.
  ImageSet test;        ///< Never empty.
  ImageSet train;       ///< Empty if not asked for, or if the source has none.
  int num_classes = 0;  ///< Of the format; 1 + the largest label where the format does not say.
};

struct LoadOptions {
  bool with_train = false;                   ///< Training parts are large: read only when asked.
  std::size_t digits_train_images = 30'000;  ///< Size of the training part of `digits`.
  int num_threads = 0;                       ///< For `digits`; the images do not depend on it.
  std::filesystem::path cache = {};          ///< Of `data get`; empty: `default_cache_folder()`.
};

/// `spec` is one of
///  - `digits` or `digits:SEED`: the built-in generator (10,000 test images);
///  - `mnist`, `cifar10`: what `deepaxe data get` has kept;
///  - a folder of MNIST IDX files, or of CIFAR-10 binaries (test_batch.bin, data_batch_N.bin);
///  - one CIFAR-10 binary (a multiple of 3,073 bytes);
///  - an `.npz` with x_test, y_test[, x_train, y_train], or x, y: images [n,h,w], [n,h,w,c] or
///    [n,features], uint8 or float; labels integer or one-hot.
/// A file or folder of that name goes before a built-in name; `.gz` is read everywhere.
/// Throws InputError for anything missing, damaged or inconsistent.
Dataset load(const std::string& spec, const LoadOptions& options = {});

}  // namespace deepaxe::dataset
