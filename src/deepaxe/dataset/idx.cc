#include "deepaxe/dataset/idx.h"

#include <algorithm>
#include <string>
#include <utility>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::dataset {
namespace {

using base::InputError;
namespace fs = std::filesystem;

// Magic: two zero bytes, the element type (8 = unsigned byte), the number of dimensions.
constexpr std::uint32_t kImagesMagic = 0x00000803;
constexpr std::uint32_t kLabelsMagic = 0x00000801;
constexpr std::uint64_t kMaxSide = 65'535;  // With it count * height * width fits in 64 bits.

struct IdxFile {
  std::vector<std::uint64_t> shape;
  std::vector<std::byte> bytes;
  std::size_t first_element = 0;
};

std::uint32_t big_endian(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  }
  return value;
}

IdxFile read_idx_file(const fs::path& path, std::uint32_t magic) {
  IdxFile file{.shape = {}, .bytes = base::read_file_maybe_gzip(path), .first_element = 0};
  const std::size_t num_dimensions = magic & 0xff;
  file.first_element = 4 + 4 * num_dimensions;
  // The magic first: labels given for images are told apart even where they are few.
  const std::uint32_t found = file.bytes.size() < 4 ? magic : big_endian(file.bytes, 0);
  if (found != magic) {
    throw InputError(
        {path.string(), "byte 0", "magic " + std::to_string(found), std::to_string(magic)});
  }
  if (file.bytes.size() < file.first_element) {
    throw InputError({path.string(), "header", std::to_string(file.bytes.size()) + " bytes",
                      "at least " + std::to_string(file.first_element)});
  }
  std::uint64_t elements = 1;
  for (std::size_t d = 0; d < num_dimensions; ++d) {
    file.shape.push_back(big_endian(file.bytes, 4 + 4 * d));
    if (file.shape[d] == 0 || (d > 0 && file.shape[d] > kMaxSide)) {
      throw InputError({path.string(), "dimension " + std::to_string(d),
                        std::to_string(file.shape[d]), d == 0 ? "at least 1" : "1..65535"});
    }
    elements *= file.shape[d];
  }
  const std::size_t rest = file.bytes.size() - file.first_element;
  if (rest != elements) {
    throw InputError({path.string(), "elements", std::to_string(rest) + " bytes",
                      std::to_string(elements) + " as its header says"});
  }
  return file;
}

// "train-images" + "idx3-ubyte", with '-' or '.' between, plain or .gz; empty if there is none.
fs::path find_part(const fs::path& folder, const std::string& stem, const std::string& suffix) {
  for (const char separator : {'-', '.'}) {
    fs::path found = base::find_file_or_gz(folder / (stem + separator + suffix));
    if (!found.empty()) return found;
  }
  return {};
}

ImageSet load_part(const fs::path& folder, const std::string& prefix, bool required) {
  const fs::path images = find_part(folder, prefix + "-images", "idx3-ubyte");
  const fs::path labels = find_part(folder, prefix + "-labels", "idx1-ubyte");
  if (images.empty() && labels.empty() && !required) return {};
  if (images.empty() || labels.empty()) {
    const std::string missing =
        prefix + (images.empty() ? "-images-idx3-ubyte" : "-labels-idx1-ubyte");
    throw InputError({folder.string(), "", "no " + missing + "[.gz]", "the four files of MNIST"});
  }
  return read_idx(images, labels);
}

}  // namespace

bool is_idx_folder(const fs::path& folder) {
  for (const std::string stem : {"t10k-images", "train-images"}) {
    if (!find_part(folder, stem, "idx3-ubyte").empty()) return true;
  }
  for (const std::string stem : {"t10k-labels", "train-labels"}) {
    if (!find_part(folder, stem, "idx1-ubyte").empty()) return true;
  }
  return false;
}

bool is_idx_file(const fs::path& file) {
  const std::string name = (file.extension() == ".gz" ? file.stem() : file.filename()).string();
  return name.ends_with("idx3-ubyte") || name.ends_with("idx1-ubyte");
}

ImageSet read_idx(const fs::path& images_file, const fs::path& labels_file) {
  const IdxFile pixels = read_idx_file(images_file, kImagesMagic);
  const IdxFile labels = read_idx_file(labels_file, kLabelsMagic);
  if (pixels.shape[0] != labels.shape[0]) {
    throw InputError({labels_file.string(), "labels", std::to_string(labels.shape[0]),
                      std::to_string(pixels.shape[0]) + " as there are images in " +
                          images_file.filename().string()});
  }
  ImageSet images;
  images.height = static_cast<int>(pixels.shape[1]);
  images.width = static_cast<int>(pixels.shape[2]);
  images.channels = 1;
  const auto elements = std::span(pixels.bytes).subspan(pixels.first_element);
  images.bytes.resize(elements.size());
  std::transform(elements.begin(), elements.end(), images.bytes.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  for (const std::byte b : std::span(labels.bytes).subspan(labels.first_element)) {
    images.labels.push_back(std::to_integer<int>(b));
  }
  return images;
}

Dataset load_idx_folder(const fs::path& folder, bool with_train) {
  Dataset dataset;
  dataset.source = folder.string();
  dataset.test = load_part(folder, "t10k", true);
  if (with_train) dataset.train = load_part(folder, "train", false);
  if (!dataset.train.empty() && dataset.train.shape_text() != dataset.test.shape_text()) {
    throw InputError({folder.string(), "training images", dataset.train.shape_text(),
                      dataset.test.shape_text() + " as in the test part"});
  }
  const std::vector<int>& labels = dataset.test.labels;
  dataset.num_classes = 1 + *std::max_element(labels.begin(), labels.end());
  for (const int label : dataset.train.labels) {
    dataset.num_classes = std::max(dataset.num_classes, label + 1);
  }
  return dataset;
}

}  // namespace deepaxe::dataset
