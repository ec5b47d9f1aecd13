#include "deepaxe/dataset/dataset.h"

#include <charconv>
#include <cstdint>

#include "deepaxe/base/input_error.h"
#include "deepaxe/dataset/cifar.h"
#include "deepaxe/dataset/digits.h"
#include "deepaxe/dataset/download.h"
#include "deepaxe/dataset/idx.h"
#include "deepaxe/dataset/npz.h"

namespace deepaxe::dataset {
namespace {

namespace fs = std::filesystem;
using base::InputError;

std::uint64_t parse_seed(const std::string& spec) {
  constexpr std::size_t kPrefix = 7;  // "digits:".
  std::uint64_t seed = 0;
  const char* end = spec.data() + spec.size();
  const auto [stop, error] = std::from_chars(spec.data() + kPrefix, end, seed);
  if (error != std::errc() || stop != end) {
    throw InputError({"--data", "seed of digits", "'" + spec.substr(kPrefix) + "'",
                      "a number of at most 64 bits"});
  }
  return seed;
}

Dataset load_digits(const std::string& spec, const LoadOptions& options) {
  const std::uint64_t seed = spec == "digits" ? kDigitsDefaultSeed : parse_seed(spec);
  Dataset dataset;
  dataset.name = "digits";
  dataset.source = "digits:" + std::to_string(seed);
  dataset.num_classes = 10;
  dataset.test = make_digits(seed, DigitsSplit::kTest, kDigitsTestImages, options.num_threads);
  if (options.with_train) {
    dataset.train =
        make_digits(seed, DigitsSplit::kTrain, options.digits_train_images, options.num_threads);
  }
  return dataset;
}

Dataset load_folder(const fs::path& folder, bool with_train) {
  if (is_idx_folder(folder)) return load_idx_folder(folder, with_train);
  if (is_cifar_folder(folder)) return load_cifar_folder(folder, with_train);
  throw InputError({folder.string(), "", "no known data set",
                    "t10k-images-idx3-ubyte[.gz] and its labels, or test_batch.bin[.gz]"});
}

Dataset load_file(const fs::path& file, bool with_train) {
  const bool is_gz = file.extension() == ".gz";
  const fs::path plain = is_gz ? file.stem() : file.filename();
  if (plain.extension() == ".npz") return load_npz(file, with_train);
  if (is_idx_file(file)) {
    throw InputError({file.string(), "", "one IDX file",
                      "the folder of the images and the labels: --data " +
                          (file.has_parent_path() ? file.parent_path().string() : ".")});
  }
  Dataset dataset;
  dataset.source = file.string();
  dataset.num_classes = 10;
  dataset.test = read_cifar(file);
  return dataset;
}

Dataset load_cached(const std::string& name, const LoadOptions& options) {
  const fs::path cache = options.cache.empty() ? default_cache_folder() : options.cache;
  const fs::path folder = cache / name;
  if (!fs::is_directory(folder) || fs::is_empty(folder)) {
    throw InputError(
        {folder.string(), "", "no data set", "what `deepaxe data get " + name + "` puts there"});
  }
  return load_folder(folder, options.with_train);
}

std::string name_of(const fs::path& path) {
  const fs::path with_name = path.has_filename() ? path : path.parent_path();  // "folder/".
  return with_name.stem().string();
}

}  // namespace

Dataset load(const std::string& spec, const LoadOptions& options) {
  Dataset dataset;
  std::error_code ignored;
  const fs::file_status status = fs::status(spec, ignored);
  if (fs::is_directory(status)) {
    dataset = load_folder(spec, options.with_train);
  } else if (fs::exists(status)) {
    dataset = load_file(spec, options.with_train);
  } else if (spec == "digits" || spec.starts_with("digits:")) {
    dataset = load_digits(spec, options);
  } else if (spec == "mnist" || spec == "cifar10") {
    dataset = load_cached(spec, options);
    dataset.name = spec;
  } else {
    throw InputError({spec, "", "no such file or folder",
                      "a folder, an .npz, a CIFAR-10 binary, digits, mnist or cifar10"});
  }
  if (dataset.name.empty()) dataset.name = name_of(spec);
  return dataset;
}

}  // namespace deepaxe::dataset
