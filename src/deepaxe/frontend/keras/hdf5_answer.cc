#include "deepaxe/frontend/keras/hdf5_answer.h"

#include <cstdint>
#include <cstring>
#include <limits>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::keras {
namespace {

class Packer {
 public:
  void add(std::uint64_t value) { add_bytes(std::as_bytes(std::span(&value, 1))); }
  void add(const std::string& text) {
    add(text.size());
    add_bytes(std::as_bytes(std::span(text)));
  }
  void add(std::span<const float> values) {
    add(values.size());
    add_bytes(std::as_bytes(values));
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void add_bytes(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> bytes_;
};

class Unpacker {
 public:
  Unpacker(std::span<const std::byte> bytes, const std::string& file)
      : bytes_(bytes), file_(file) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    const auto bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() {
    const auto bytes = take(number());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  Hdf5Array array() {
    Hdf5Array array;
    std::uint64_t count = 1;
    for (std::uint64_t rank = number(); rank > 0; --rank) {
      const std::uint64_t size = number();
      if (size > std::numeric_limits<int>::max()) refuse("a size too large");
      array.shape.push_back(static_cast<int>(size));
      if (size != 0 && count > bytes_.size() / size) refuse("a shape larger than its values");
      count *= size;
    }
    if (number() != count) refuse("a shape that does not fit its values");
    const auto bytes = take(count * sizeof(float));
    array.values.resize(count);
    if (count > 0) std::memcpy(array.values.data(), bytes.data(), bytes.size());
    return array;
  }
  void expect_end() const {
    if (!bytes_.empty()) refuse("an answer too long");
  }

 private:
  std::span<const std::byte> take(std::uint64_t count) {
    if (count > bytes_.size()) refuse("an answer cut short");
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  [[noreturn]] void refuse(const char* found) const {
    throw base::InputError(
        {.file = file_, .place = "HDF5", .found = found, .expected = "an undamaged HDF5 file"});
  }

  std::span<const std::byte> bytes_;
  const std::string& file_;
};

}  // namespace

std::vector<std::byte> pack_answer(const Hdf5Content& content) {
  Packer packer;
  packer.add(content.attributes.size());
  for (const auto& [group, attributes] : content.attributes) {
    packer.add(group);
    packer.add(attributes.size());
    for (const auto& [name, strings] : attributes) {
      packer.add(name);
      packer.add(strings.size());
      for (const std::string& text : strings) packer.add(text);
    }
  }
  packer.add(content.arrays.size());
  for (const auto& [path, array] : content.arrays) {
    packer.add(path);
    packer.add(array.shape.size());
    for (const int size : array.shape) packer.add(static_cast<std::uint64_t>(size));
    packer.add(std::span<const float>(array.values));
  }
  return packer.take();
}

Hdf5Content unpack_answer(std::span<const std::byte> bytes, const std::string& file) {
  Unpacker unpacker(bytes, file);
  Hdf5Content content;
  for (std::uint64_t groups = unpacker.number(); groups > 0; --groups) {
    auto& attributes = content.attributes[unpacker.text()];
    for (std::uint64_t names = unpacker.number(); names > 0; --names) {
      auto& strings = attributes[unpacker.text()];
      for (std::uint64_t count = unpacker.number(); count > 0; --count) {
        strings.push_back(unpacker.text());
      }
    }
  }
  for (std::uint64_t arrays = unpacker.number(); arrays > 0; --arrays) {
    std::string path = unpacker.text();
    content.arrays.insert_or_assign(std::move(path), unpacker.array());
  }
  unpacker.expect_end();
  return content;
}

}  // namespace deepaxe::frontend::keras
