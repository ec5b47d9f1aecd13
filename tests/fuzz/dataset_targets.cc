// Files of images and labels: IDX, CIFAR-10 binaries, .npy, .npz, and the tar of the download.
#include <array>
#include <string>

#include "archives.h"
#include "deepaxe/base/assertion.h"
#include "deepaxe/base/npy.h"
#include "deepaxe/dataset/cifar.h"
#include "deepaxe/dataset/idx.h"
#include "deepaxe/dataset/npz.h"
#include "deepaxe/dataset/preprocess.h"
#include "deepaxe/dataset/tar.h"
#include "memory_file.h"
#include "target.h"

namespace deepaxe::fuzz {
namespace {

using base::NpyArray;

// `count` images of `height` x `width`, or as many labels where both are 0.
Bytes idx_file(unsigned count, unsigned height, unsigned width) {
  const bool is_labels = height == 0;
  Bytes bytes{std::byte{0}, std::byte{0}, std::byte{8}, is_labels ? std::byte{1} : std::byte{3}};
  const auto add = [&](unsigned size) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::byte>(size >> shift));
  };
  add(count);
  if (!is_labels) {
    add(height);
    add(width);
  }
  const std::size_t elements = is_labels ? count : std::size_t{count} * height * width;
  for (std::size_t i = 0; i < elements; ++i) bytes.push_back(static_cast<std::byte>(i % 10));
  return bytes;
}

void check_images(const dataset::ImageSet& images) {
  const std::size_t stored = images.bytes.size() + images.values.size();
  DEEPAXE_ASSERT(!images.empty() && stored == images.size() * images.elements_per_image());
}

// The input as either file of a pair whose other file is sound.
void run_idx(std::span<const std::byte> input) {
  static const Bytes image_file = idx_file(2, 3, 3), label_file = idx_file(2, 0, 0);
  const MemoryFile file(input), images(image_file), labels(label_file);
  accepts([&] { check_images(dataset::read_idx(file.path(), labels.path())); });
  accepts([&] { check_images(dataset::read_idx(images.path(), file.path())); });
}

std::vector<Bytes> idx_seeds() {
  return {idx_file(2, 3, 3), idx_file(2, 0, 0), gzip_of(idx_file(2, 3, 3)),
          gzip_of(idx_file(2, 0, 0))};
}

void run_cifar(std::span<const std::byte> input) {
  const MemoryFile file(input);
  accepts([&] { check_images(dataset::read_cifar(file.path())); });
}

std::vector<Bytes> cifar_seeds() {
  const Bytes two(2 * dataset::kCifarRecordBytes, std::byte{7});
  return {two, gzip_of(two)};
}

NpyArray array_of(const std::string& dtype, std::vector<std::size_t> shape) {
  NpyArray array{.dtype = dtype, .shape = std::move(shape), .bytes = {}};
  const auto item = static_cast<std::size_t>(dtype[1] - '0');
  array.bytes.resize(array.num_elements() * item);
  return array;
}

void run_npy(std::span<const std::byte> input) {
  accepts([&] {
    const NpyArray array = base::parse_npy(input, "array.npy");
    DEEPAXE_ASSERT(array.as_doubles().size() == array.num_elements());
    const NpyArray again = base::parse_npy(base::format_npy(array), "again.npy");
    DEEPAXE_ASSERT(again.shape == array.shape && again.bytes == array.bytes);
  });
}

std::vector<Bytes> npy_seeds() {
  std::vector<Bytes> seeds;
  for (const char* dtype :
       {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}) {
    seeds.push_back(base::format_npy(array_of(dtype, {2, 3})));
  }
  seeds.push_back(base::format_npy(array_of("f4", {})));
  seeds.push_back(to_bytes(std::string("\x93NUMPY\x02\x00\x3b\x00\x00\x00", 12) +
                           "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }\nabcd"));
  return seeds;
}

void run_npz(std::span<const std::byte> input) {
  const MemoryFile file(input);
  accepts([&] {
    const dataset::Dataset data = dataset::load_npz(file.path(), true);
    check_images(data.test);
    if (!data.train.empty()) check_images(data.train);
  });
}

std::vector<std::pair<std::string, Bytes>> npz_members(const std::string& pixels) {
  return {{"x_test.npy", base::format_npy(array_of(pixels, {2, 3, 3}))},
          {"y_test.npy", base::format_npy(array_of("i8", {2}))},
          {"x_train.npy", base::format_npy(array_of(pixels, {1, 3, 3, 1}))},
          {"y_train.npy", base::format_npy(array_of("i4", {1}))}};
}

std::vector<Bytes> npz_seeds() {
  return {zip_of(npz_members("u1"), false), zip_of(npz_members("f4"), true)};
}

// A changed byte of a zip is nearly always found by its checksum. Here the input is the two arrays
// of a sound archive: two bytes of length, x, y.
void run_npz_members(std::span<const std::byte> input) {
  if (input.size() < 2) return;
  const std::size_t length =
      std::to_integer<std::size_t>(input[0]) << 8 | std::to_integer<std::size_t>(input[1]);
  const auto rest = input.subspan(2);
  const auto x = rest.first(std::min(length, rest.size()));
  const auto y = rest.subspan(x.size());
  run_npz(zip_of({{"x.npy", {x.begin(), x.end()}}, {"y.npy", {y.begin(), y.end()}}}, false));
}

std::vector<Bytes> npz_members_seeds() {
  std::vector<Bytes> seeds;
  const auto add = [&](const NpyArray& x, const NpyArray& y) {
    const Bytes first = base::format_npy(x), second = base::format_npy(y);
    Bytes& seed = seeds.emplace_back(
        Bytes{static_cast<std::byte>(first.size() >> 8), static_cast<std::byte>(first.size())});
    seed.insert(seed.end(), first.begin(), first.end());
    seed.insert(seed.end(), second.begin(), second.end());
  };
  NpyArray one_hot = array_of("f4", {1, 2});
  one_hot.bytes[6] = std::byte{0x80};  // 1.0F in little endian is 00 00 80 3f.
  one_hot.bytes[7] = std::byte{0x3f};
  add(array_of("u1", {2, 3, 3}), array_of("i8", {2}));
  add(array_of("f8", {1, 4}), one_hot);
  add(array_of("i4", {1, 2, 2, 3}), array_of("u1", {1, 1}));
  return seeds;
}

void run_preprocessing(std::span<const std::byte> input) {
  accepts([&] {
    const auto parsed = dataset::parse_preprocessing(std::string(as_text(input)));
    const std::string text = dataset::to_string(parsed);
    DEEPAXE_ASSERT(dataset::to_string(dataset::parse_preprocessing(text)) == text);
  });
}

std::vector<Bytes> preprocessing_seeds() {
  return {to_bytes("unit"), to_bytes("raw"), to_bytes("standard:125.3,122.9,113.8;63,62.1,66.7"),
          to_bytes("standard:1e2;0.5")};
}

void run_tar(std::span<const std::byte> input) {
  accepts([&] {
    std::size_t total = 0;
    for (const auto& [name, content] : dataset::read_tar(input, "files.tar")) {
      DEEPAXE_ASSERT(name.find('/') == std::string::npos);
      total += content.size();
    }
    DEEPAXE_ASSERT(total <= input.size());
  });
}

std::vector<Bytes> tar_seeds() {
  std::string header(512, '\0');
  header.replace(0, 10, "folder/one");
  header.replace(124, 11, "00000000005");
  header[156] = '0';
  unsigned sum = 8 * ' ';  // The checksum's own field counts as spaces.
  for (const char c : header) sum += static_cast<unsigned char>(c);
  for (std::size_t i = 0; i < 6; ++i) {
    header[148 + i] = static_cast<char>('0' + (sum >> (15 - 3 * i) & 7));
  }
  const std::string member = header + "hello" + std::string(507, '\0');
  return {to_bytes(member), to_bytes(member + member + std::string(1024, '\0'))};
}

}  // namespace

const Target kIdx{"idx", run_idx, idx_seeds};
const Target kCifar{"cifar", run_cifar, cifar_seeds};
const Target kNpy{"npy", run_npy, npy_seeds};
const Target kNpz{"npz", run_npz, npz_seeds};
const Target kNpzMembers{"npz_members", run_npz_members, npz_members_seeds};
const Target kPreprocessing{"preprocessing", run_preprocessing, preprocessing_seeds};
const Target kTar{"tar", run_tar, tar_seeds};

}  // namespace deepaxe::fuzz
