#include "deepaxe/dataset/cifar.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::dataset {
namespace {

constexpr std::size_t kSide = 32, kChannels = 3, kPlane = kSide * kSide;
constexpr int kNumClasses = 10;

void append(ImageSet& images, const ImageSet& more) {
  images.height = more.height;
  images.width = more.width;
  images.channels = more.channels;
  images.bytes.insert(images.bytes.end(), more.bytes.begin(), more.bytes.end());
  images.labels.insert(images.labels.end(), more.labels.begin(), more.labels.end());
}

}  // namespace

bool is_cifar_folder(const std::filesystem::path& folder) {
  return !base::find_file_or_gz(folder / "test_batch.bin").empty() ||
         !base::find_file_or_gz(folder / "data_batch_1.bin").empty();
}

ImageSet read_cifar(const std::filesystem::path& file) {
  const std::vector<std::byte> bytes = base::read_file_maybe_gzip(file);
  if (bytes.empty() || bytes.size() % kCifarRecordBytes != 0) {
    throw base::InputError({file.string(), "size", std::to_string(bytes.size()) + " bytes",
                            "a multiple of 3073 (CIFAR-10 records), or an .npz file"});
  }
  const std::size_t count = bytes.size() / kCifarRecordBytes;
  ImageSet images{.height = kSide,
                  .width = kSide,
                  .channels = kChannels,
                  .bytes = {},
                  .values = {},
                  .values_are_unit = false,
                  .labels = {}};
  images.bytes.resize(count * kChannels * kPlane);
  for (std::size_t i = 0; i < count; ++i) {
    const auto record = std::span(bytes).subspan(i * kCifarRecordBytes, kCifarRecordBytes);
    images.labels.push_back(std::to_integer<int>(record[0]));
    std::uint8_t* pixel = &images.bytes[i * kChannels * kPlane];
    for (std::size_t at = 0; at < kPlane; ++at) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        *pixel++ = std::to_integer<std::uint8_t>(record[1 + c * kPlane + at]);
      }
    }
  }
  check_labels(images, kNumClasses, file.string());
  return images;
}

Dataset load_cifar_folder(const std::filesystem::path& folder, bool with_train) {
  const std::filesystem::path test = base::find_file_or_gz(folder / "test_batch.bin");
  if (test.empty()) {
    throw base::InputError(
        {folder.string(), "", "no test_batch.bin[.gz]", "the files of CIFAR-10 (binary version)"});
  }
  Dataset dataset;
  dataset.source = folder.string();
  dataset.num_classes = kNumClasses;
  dataset.test = read_cifar(test);
  for (int batch = 1; with_train && batch <= 5; ++batch) {
    const std::string name = "data_batch_" + std::to_string(batch) + ".bin";
    const std::filesystem::path file = base::find_file_or_gz(folder / name);
    if (!file.empty()) append(dataset.train, read_cifar(file));
  }
  return dataset;
}

}  // namespace deepaxe::dataset
