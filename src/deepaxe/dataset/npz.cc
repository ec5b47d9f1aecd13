#include "deepaxe/dataset/npz.h"

#include <zip.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <tuple>
#include <utility>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::dataset {
namespace {

using base::InputError;
using base::NpyArray;

constexpr int kMaxLabel = 65'535;  // Beyond any classifier here; a larger one is damage.

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

// `bytes` must outlive the archive.
Archive open_archive(const std::vector<std::byte>& bytes, const std::string& name) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (archive != nullptr) return Archive(archive);
  zip_source_free(source);
  throw InputError({name, "", "no readable zip archive (" + reason + ")", "an .npz file"});
}

// Grows with what is really there: the size that the archive claims is not trusted.
std::vector<std::byte> read_member(zip_t* archive, zip_uint64_t index, const std::string& file,
                                   const std::string& member_name) {
  const auto fail = [&](const std::string& reason) {
    throw InputError({file, "member " + member_name, "damaged data (" + reason + ")", ""});
  };
  const std::unique_ptr<zip_file_t, CloseMember> member(zip_fopen_index(archive, index, 0));
  if (member == nullptr) fail(zip_strerror(archive));
  std::vector<std::byte> bytes;
  std::vector<std::byte> chunk(std::size_t{1} << 18);
  for (;;) {
    const zip_int64_t got = zip_fread(member.get(), chunk.data(), chunk.size());
    if (got < 0) fail(zip_file_strerror(member.get()));
    if (got <= 0) return bytes;
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
  }
}

std::string shape_text_of(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t dimension : shape) {
    text += (text.empty() ? "" : ",") + std::to_string(dimension);
  }
  return "[" + text + "]";
}

// `values` are those from element `first`.
void check_pixels(std::span<const double> values, bool is_float, std::size_t first,
                  const std::string& place, const std::string& file) {
  const auto is_wrong = [&](double value) {
    return is_float ? !std::isfinite(static_cast<float>(value)) : value < 0 || value > 255;
  };
  const auto wrong = std::find_if(values.begin(), values.end(), is_wrong);
  if (wrong == values.end()) return;
  const std::size_t element = first + static_cast<std::size_t>(wrong - values.begin());
  throw InputError({file, place + ", element " + std::to_string(element), std::to_string(*wrong),
                    is_float ? "a finite 32-bit float" : "a pixel code 0..255"});
}

void set_pixels(ImageSet& images, const NpyArray& array, const std::string& place,
                const std::string& file) {
  if (array.dtype == "u1") {
    images.bytes.resize(array.bytes.size());
    std::transform(array.bytes.begin(), array.bytes.end(), images.bytes.begin(),
                   [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return;
  }
  const bool is_float = array.dtype[0] == 'f';
  images.values_are_unit = is_float;
  images.values.reserve(is_float ? array.num_elements() : 0);
  constexpr std::size_t kBlock = 1 << 16;  // Elements; all at once would take 8 bytes for each.
  for (std::size_t first = 0; first < array.num_elements(); first += kBlock) {
    const std::vector<double> values =
        array.as_doubles(first, std::min(kBlock, array.num_elements() - first));
    check_pixels(values, is_float, first, place, file);
    if (!is_float) {
      images.bytes.insert(images.bytes.end(), values.begin(), values.end());
      continue;
    }
    images.values.insert(images.values.end(), values.begin(), values.end());
    images.values_are_unit =
        images.values_are_unit &&
        std::all_of(values.begin(), values.end(), [](double v) { return v >= 0 && v <= 1; });
  }
}

ImageSet pixels_of(const NpyArray& array, const std::string& place, const std::string& file) {
  const std::vector<std::size_t>& shape = array.shape;
  if (shape.size() < 2 || shape.size() > 4) {
    throw InputError({file, place, "shape " + shape_text_of(shape),
                      "[n,height,width], [n,height,width,channels] or [n,features]"});
  }
  for (const std::size_t dimension : shape) {
    if (dimension > 0 && dimension <= std::numeric_limits<int>::max()) continue;
    throw InputError({file, place, "shape " + shape_text_of(shape), "at least one image"});
  }
  const auto dimension = [&](std::size_t i) { return static_cast<int>(shape[i]); };
  ImageSet images;
  images.height = shape.size() > 2 ? dimension(1) : 1;
  images.width = shape.size() > 2 ? dimension(2) : 1;
  images.channels = shape.size() == 2 ? dimension(1) : shape.size() == 3 ? 1 : dimension(3);
  set_pixels(images, array, place, file);
  return images;
}

// The class that a one-hot row stands for, or -1.
int hot_index(std::span<const double> row) {
  const auto hot = std::find(row.begin(), row.end(), 1.0);
  const auto zeros = std::count(row.begin(), row.end(), 0.0);
  const bool valid = hot != row.end() && zeros + 1 == static_cast<std::ptrdiff_t>(row.size());
  return valid ? static_cast<int>(hot - row.begin()) : -1;
}

// Labels, and the number of classes where a one-hot array says it (else 0).
std::pair<std::vector<int>, int> labels_of(const NpyArray& array, const std::string& place,
                                           const std::string& file) {
  const std::vector<std::size_t>& shape = array.shape;
  if (shape.empty() || shape.size() > 2) {
    throw InputError(
        {file, place, "shape " + shape_text_of(shape), "labels [n], or one-hot [n,classes]"});
  }
  const std::size_t columns = shape.size() == 2 ? shape[1] : 1;
  std::vector<int> labels;
  for (std::size_t i = 0; i < shape[0] && columns > 0; ++i) {
    const std::vector<double> row = array.as_doubles(i * columns, columns);
    const double value = row.front();
    const bool is_label = value >= 0 && value <= kMaxLabel && value == std::floor(value);
    const int label = columns > 1 ? hot_index(row) : is_label ? static_cast<int>(value) : -1;
    if (label < 0) {
      throw InputError(
          {file, place + ", image " + std::to_string(i),
           columns > 1 ? "a row that is not one-hot" : "label " + std::to_string(value),
           columns > 1 ? "one 1, the others 0" : "an integer of 0..65535"});
    }
    labels.push_back(label);
  }
  return {std::move(labels), columns > 1 ? static_cast<int>(columns) : 0};
}

using Members = std::map<std::string, NpyArray>;

// The part of the archive under these two names; empty where neither is there.
ImageSet take_part(const Members& members, const std::string& x, const std::string& y,
                   const std::string& file, int& num_classes) {
  const auto pixels = members.find(x), labels = members.find(y);
  if (pixels == members.end() && labels == members.end()) return {};
  if (pixels == members.end() || labels == members.end()) {
    throw InputError({file, "", pixels == members.end() ? y + " without " + x : x + " without " + y,
                      "both arrays"});
  }
  ImageSet images = pixels_of(pixels->second, x, file);
  int classes = 0;
  std::tie(images.labels, classes) = labels_of(labels->second, y, file);
  if (images.labels.size() != pixels->second.shape[0]) {
    throw InputError({file, y, std::to_string(images.labels.size()) + " labels",
                      std::to_string(pixels->second.shape[0]) + " as there are images in " + x});
  }
  const int largest = *std::max_element(images.labels.begin(), images.labels.end());
  num_classes = std::max({num_classes, classes, largest + 1});
  return images;
}

NpyArray pixel_array(const ImageSet& images) {
  NpyArray array{
      .dtype = images.has_floats() ? "f4" : "u1",
      .shape = {images.size(), static_cast<std::size_t>(images.height),
                static_cast<std::size_t>(images.width), static_cast<std::size_t>(images.channels)},
      .bytes = {}};
  const auto bytes = images.has_floats() ? std::as_bytes(std::span(images.values))
                                         : std::as_bytes(std::span(images.bytes));
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

NpyArray label_array(const ImageSet& images) {
  static_assert(sizeof(int) == 4);
  NpyArray array{.dtype = "i4", .shape = {images.size()}, .bytes = {}};
  const auto bytes = std::as_bytes(std::span(images.labels));
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

// The archive as bytes. Our own data and memory: a failure here is our bug.
std::vector<std::byte> zip_of(const std::vector<std::pair<std::string, NpyArray>>& members) {
  std::vector<std::vector<std::byte>> files;  // libzip reads them when it closes.
  files.reserve(members.size());
  for (const auto& [name, array] : members) files.push_back(base::format_npy(array));
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
  DEEPAXE_ASSERT(archive != nullptr);
  zip_source_keep(target);  // zip_close gives up its own hold.
  for (std::size_t i = 0; i < files.size(); ++i) {
    zip_source_t* source = zip_source_buffer(archive, files[i].data(), files[i].size(), 0);
    const zip_int64_t index =
        zip_file_add(archive, (members[i].first + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
    DEEPAXE_ASSERT(index >= 0);
    const auto entry = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t kFirstDosDay = 0x21;  // 1980-01-01: the same bytes at any time.
    DEEPAXE_ASSERT(zip_set_file_compression(archive, entry, ZIP_CM_STORE, 0) == 0);
    DEEPAXE_ASSERT(zip_file_set_dostime(archive, entry, 0, kFirstDosDay, 0) == 0);
  }
  DEEPAXE_ASSERT(zip_close(archive) == 0);
  zip_stat_t stat;
  DEEPAXE_ASSERT(zip_source_stat(target, &stat) == 0);
  DEEPAXE_ASSERT(zip_source_open(target) == 0);
  std::vector<std::byte> bytes(stat.size);
  DEEPAXE_ASSERT(zip_source_read(target, bytes.data(), stat.size) ==
                 static_cast<zip_int64_t>(stat.size));
  zip_source_free(target);
  return bytes;
}

}  // namespace

Members read_npz(const std::filesystem::path& path, const std::vector<std::string>& wanted) {
  const std::vector<std::byte> bytes = base::read_file_maybe_gzip(path);
  const Archive archive = open_archive(bytes, path.string());
  Members members;
  for (const std::string& name : wanted) {
    const zip_int64_t index = zip_name_locate(archive.get(), (name + ".npy").c_str(), 0);
    if (index < 0) continue;
    const auto member =
        read_member(archive.get(), static_cast<zip_uint64_t>(index), path.string(), name);
    members[name] = base::parse_npy(member, path.string() + ": " + name);
  }
  return members;
}

Dataset load_npz(const std::filesystem::path& path, bool with_train) {
  std::vector<std::string> wanted = {"x_test", "y_test", "x", "y"};
  if (with_train) wanted.insert(wanted.end(), {"x_train", "y_train"});
  const Members members = read_npz(path, wanted);
  const std::string file = path.string();
  Dataset dataset;
  dataset.source = file;
  dataset.test = take_part(members, "x_test", "y_test", file, dataset.num_classes);
  if (dataset.test.empty()) {
    dataset.test = take_part(members, "x", "y", file, dataset.num_classes);
  }
  if (dataset.test.empty()) {
    throw InputError({file, "", "none of its arrays", "x_test and y_test, or x and y"});
  }
  if (!with_train) return dataset;
  dataset.train = take_part(members, "x_train", "y_train", file, dataset.num_classes);
  if (!dataset.train.empty() && dataset.train.shape_text() != dataset.test.shape_text()) {
    throw InputError({file, "x_train", "images of " + dataset.train.shape_text(),
                      dataset.test.shape_text() + " as in the test part"});
  }
  return dataset;
}

void write_npz(const Dataset& dataset, const std::filesystem::path& path) {
  std::vector<std::pair<std::string, NpyArray>> members = {{"x_test", pixel_array(dataset.test)},
                                                           {"y_test", label_array(dataset.test)}};
  if (!dataset.train.empty()) {
    members.emplace_back("x_train", pixel_array(dataset.train));
    members.emplace_back("y_train", label_array(dataset.train));
  }
  base::write_file_atomically(path, zip_of(members));
}

}  // namespace deepaxe::dataset
