#include "deepaxe/frontend/keras/hdf5_reader.h"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>

#include "deepaxe/base/child.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/hdf5_answer.h"

namespace deepaxe::frontend::keras {
namespace {

constexpr int kMaxDepth = 64;  // Of groups; nested models use about 4 each.
constexpr std::size_t kMaxElements = std::size_t{1} << 28;  // Of one array: 1 GiB of floats.
constexpr double kMaxSeconds = 60;
// Of work: HDF5 takes less than 1 s for 100 MB; on damaged files it may run in a circle.
constexpr double kBaseCpuSeconds = 5;
constexpr double kCpuSecondsPerByte = 1e-7;
constexpr std::uint64_t kBaseMemory = std::uint64_t{2} << 30;
constexpr std::size_t kMaxInflation = 1032;  // Of deflate, the best of the filters.

// Closes an HDF5 identifier with the function of its kind.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const char* what) : id_(id), close_(close) {
    if (id_ < 0) throw std::runtime_error(fmt::format("HDF5 cannot open {}", what));
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  hid_t get() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void check(herr_t status, const std::string& what) {
  if (status < 0) throw std::runtime_error("HDF5 cannot read " + what);
}

std::size_t count_of(hid_t space) {
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count < 0 || static_cast<std::size_t>(count) > kMaxElements) {
    throw std::runtime_error("an array too large");
  }
  return static_cast<std::size_t>(count);
}

std::vector<std::string> read_fixed_strings(hid_t attribute, hid_t type, std::size_t count) {
  const std::size_t length = H5Tget_size(type);
  if (length > kMaxElements || count * length > kMaxElements) {
    throw std::runtime_error("an attribute too large");
  }
  std::vector<char> buffer(count * length);
  check(H5Aread(attribute, type, buffer.data()), "a text attribute");
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < count; ++i) {
    const char* first = buffer.data() + i * length;
    strings.emplace_back(first, std::find(first, first + length, '\0'));
  }
  return strings;
}

std::vector<std::string> read_variable_strings(hid_t attribute, hid_t type, hid_t space,
                                               std::size_t count) {
  std::vector<char*> pointers(count, nullptr);
  check(H5Aread(attribute, type, pointers.data()), "a text attribute");
  std::vector<std::string> strings;
  strings.reserve(count);
  for (const char* pointer : pointers) strings.emplace_back(pointer == nullptr ? "" : pointer);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  return strings;
}

// Runs in the child only: every HDF5 call of the program is below this class.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes)
      : file_size_(bytes.size()), room_for_text_(bytes.size()) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "a property list");
    check(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false), "from memory");
    // The library copies the image, so the cast away from const is never written through.
    check(H5Pset_file_image(access.get(), const_cast<std::byte*>(bytes.data()), bytes.size()),
          "from memory");
    const Handle file(H5Fopen("memory", H5F_ACC_RDONLY, access.get()), H5Fclose, "the file");
    const Handle root(H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose, "the root group");
    visit_group(root.get(), "", 0);
  }

  Hdf5Content take() { return std::move(content_); }

 private:
  void visit_group(hid_t group, const std::string& path, int depth) {
    if (depth > kMaxDepth) throw std::runtime_error("groups nested too deeply");
    expect_unvisited(group, path);
    read_attributes(group, path);
    H5G_info_t info;
    check(H5Gget_info(group, &info), "group " + path);
    for (hsize_t i = 0; i < info.nlinks; ++i) {
      const std::string name = link_name(group, i);
      if (name == "optimizer_weights" || name == "optimizer") continue;
      H5L_info_t link;
      check(H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT), "link " + name);
      if (link.type != H5L_TYPE_HARD) continue;  // Soft and external links lead elsewhere.
      const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose, name.c_str());
      const std::string child = path.empty() ? name : path + "/" + name;
      const H5I_type_t type = H5Iget_type(object.get());
      if (type == H5I_GROUP) visit_group(object.get(), child, depth + 1);
      if (type == H5I_DATASET) read_array(object.get(), child);
    }
  }

  static std::string link_name(hid_t group, hsize_t index) {
    std::array<char, 1024> name{};
    const ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index,
                                              name.data(), name.size(), H5P_DEFAULT);
    if (length < 0 || static_cast<std::size_t>(length) >= name.size()) {
      throw std::runtime_error("HDF5 cannot read a link name");
    }
    return name.data();
  }

  void read_attributes(hid_t group, const std::string& path) {
    const int count = H5Aget_num_attrs(group);
    for (int i = 0; i < count; ++i) {
      const Handle attribute(H5Aopen_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC,
                                            static_cast<hsize_t>(i), H5P_DEFAULT, H5P_DEFAULT),
                             H5Aclose, "an attribute");
      const Handle type(H5Aget_type(attribute.get()), H5Tclose, "an attribute's type");
      if (H5Tget_class(type.get()) != H5T_STRING) continue;
      const Handle space(H5Aget_space(attribute.get()), H5Sclose, "an attribute's size");
      const std::size_t num_strings = count_of(space.get());
      if (num_strings == 0) continue;  // HDF5 refuses to read nothing.
      std::array<char, 256> name{};
      if (H5Aget_name(attribute.get(), name.size(), name.data()) < 0) continue;
      auto& strings = content_.attributes[path][name.data()];
      strings = H5Tis_variable_str(type.get()) > 0
                    ? read_variable_strings(attribute.get(), type.get(), space.get(), num_strings)
                    : read_fixed_strings(attribute.get(), type.get(), num_strings);
      expect_room(strings);
    }
  }

  // An array may be at most as large as what the file stores for it, times what a filter can save:
  // HDF5 gives zeros for what was never written, by the gigabyte.
  void expect_stored(hid_t dataset, hid_t type, hid_t layout, std::size_t count) const {
    const std::size_t stored = std::min<std::size_t>(H5Dget_storage_size(dataset), file_size_);
    const std::size_t inflation = H5Pget_layout(layout) == H5D_CHUNKED ? kMaxInflation : 1;
    if (count * H5Tget_size(type) > stored * inflation) {
      throw std::runtime_error("an array without its values");
    }
  }

  // Links may make any number of paths to one group or array, and circles.
  void expect_unvisited(hid_t object, const std::string& path) {
    H5O_info_t info;
    check(H5Oget_info(object, &info), path);
    if (!visited_.insert(info.addr).second) throw std::runtime_error(path + " linked twice");
  }

  // Attributes are stored as they are, but many may refer to one text.
  void expect_room(const Hdf5Content::Strings& strings) {
    for (const std::string& text : strings) {
      if (text.size() > room_for_text_) throw std::runtime_error("more text than the file holds");
      room_for_text_ -= text.size();
    }
  }

  void read_array(hid_t dataset, const std::string& path) {
    const Handle type(H5Dget_type(dataset), H5Tclose, "an array's type");
    if (H5Tget_class(type.get()) != H5T_FLOAT) return;
    const Handle layout(H5Dget_create_plist(dataset), H5Pclose, "an array's layout");
    if (H5Pget_external_count(layout.get()) > 0) throw std::runtime_error("data in another file");
    expect_unvisited(dataset, path);
    const Handle space(H5Dget_space(dataset), H5Sclose, "an array's size");
    std::array<hsize_t, H5S_MAX_RANK> sizes{};
    const int rank = H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
    if (rank < 0) throw std::runtime_error("HDF5 cannot read the shape of " + path);
    const std::size_t count = count_of(space.get());
    expect_stored(dataset, type.get(), layout.get(), count);
    Hdf5Array array;
    array.values.resize(count);
    for (int axis = 0; axis < rank; ++axis) {
      const hsize_t size = sizes[static_cast<std::size_t>(axis)];
      if (size > kMaxElements) throw std::runtime_error("an array too large");
      array.shape.push_back(static_cast<int>(size));
    }
    if (!array.values.empty()) {
      check(H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()),
            "array " + path);
    }
    content_.arrays.emplace(path, std::move(array));
  }

  std::size_t file_size_;
  Hdf5Content content_;
  std::set<haddr_t> visited_;  // Groups and arrays, by their place in the file.
  std::size_t room_for_text_;  // Bytes.
};

std::string describe_failure(const base::ChildResult& result) {
  if (result.timed_out) return "a file that HDF5 reads without end";
  if (result.signal != 0) return fmt::format("a file that crashes HDF5 (signal {})", result.signal);
  return {reinterpret_cast<const char*>(result.output.data()), result.output.size()};
}

}  // namespace

const Hdf5Content::Strings* Hdf5Content::attribute(const std::string& group,
                                                   const std::string& name) const {
  const auto found = attributes.find(group);
  if (found == attributes.end()) return nullptr;
  const auto strings = found->second.find(name);
  return strings == found->second.end() ? nullptr : &strings->second;
}

std::string Hdf5Content::text(const std::string& group, const std::string& name) const {
  const Strings* strings = attribute(group, name);
  return strings == nullptr || strings->empty() ? "" : strings->front();
}

bool Hdf5Content::has_group(const std::string& group) const {
  if (attributes.contains(group)) return true;
  const auto below = arrays.lower_bound(group + "/");
  return below != arrays.end() && below->first.starts_with(group + "/");
}

bool looks_like_hdf5(std::span<const std::byte> bytes) noexcept {
  constexpr std::array<unsigned char, 8> kSignature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  return bytes.size() >= kSignature.size() &&
         std::memcmp(bytes.data(), kSignature.data(), kSignature.size()) == 0;
}

Hdf5Content read_hdf5(std::span<const std::byte> bytes, const std::string& file) {
  const auto body = [&] { return pack_answer(Reader(bytes).take()); };
  const auto size = static_cast<double>(bytes.size());
  const base::ChildLimits limits{.seconds = kMaxSeconds,
                                 .cpu_seconds = kBaseCpuSeconds + kCpuSecondsPerByte * size,
                                 .memory_bytes = kBaseMemory + 8 * bytes.size()};
  const base::ChildResult result = base::run_in_child(body, limits);
  if (result.exit_code != 0 || result.signal != 0 || result.timed_out) {
    throw base::InputError({.file = file,
                            .place = "HDF5",
                            .found = describe_failure(result),
                            .expected = "an undamaged HDF5 file"});
  }
  return unpack_answer(result.output, file);
}

}  // namespace deepaxe::frontend::keras
