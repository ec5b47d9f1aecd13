#include "deepaxe/dataset/tar.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "deepaxe/base/input_error.h"

namespace deepaxe::dataset {
namespace {

// Offsets and lengths of the fields of a header block.
constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameLength = 100;
constexpr std::size_t kSizeAt = 124, kSizeLength = 12;
constexpr std::size_t kChecksumAt = 148, kChecksumLength = 8;
constexpr std::size_t kTypeAt = 156;

[[noreturn]] void fail(const std::string& archive, std::size_t at, const std::string& found,
                       const std::string& expected) {
  throw base::InputError({archive, "byte " + std::to_string(at), found, expected});
}

// Octal digits up to the first other character; at most 12 digits: below 2^36.
std::uint64_t octal(std::string_view field) {
  std::uint64_t value = 0;
  for (const char c : field) {
    if (c == ' ' && value == 0) continue;
    if (c < '0' || c > '7') break;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

// The sum of the header's bytes, its own field counted as spaces.
std::uint64_t checksum(std::string_view header) {
  std::uint64_t sum = kChecksumLength * std::uint64_t{' '};
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool is_own = i >= kChecksumAt && i < kChecksumAt + kChecksumLength;
    if (!is_own) sum += static_cast<unsigned char>(header[i]);
  }
  return sum;
}

std::string last_part(std::string_view field) {
  const std::string_view name = field.substr(0, field.find('\0'));
  return std::string(name.substr(name.rfind('/') + 1));  // npos + 1 is 0.
}

}  // namespace

std::map<std::string, std::vector<std::byte>> read_tar(std::span<const std::byte> bytes,
                                                       const std::string& archive) {
  std::map<std::string, std::vector<std::byte>> members;
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at < kBlock) fail(archive, at, "the end of the file", "a tar header");
    const std::string_view header(reinterpret_cast<const char*>(bytes.data() + at), kBlock);
    if (std::all_of(header.begin(), header.end(), [](char c) { return c == '\0'; })) break;
    if (octal(header.substr(kChecksumAt, kChecksumLength)) != checksum(header)) {
      fail(archive, at, "a wrong checksum", "a tar header");
    }
    const std::uint64_t size = octal(header.substr(kSizeAt, kSizeLength));
    const std::size_t rest = bytes.size() - at - kBlock;
    if (size > rest) {
      fail(archive, at, std::to_string(rest) + " bytes",
           "a member of " + std::to_string(size) + " bytes");
    }
    const auto content = bytes.subspan(at + kBlock, size);
    const char type = header[kTypeAt];  // '0', and '\0' in archives older than ustar: a file.
    if (type == '0' || type == '\0') {
      members[last_part(header.substr(0, kNameLength))].assign(content.begin(), content.end());
    }
    const std::size_t padded = (size + kBlock - 1) / kBlock * kBlock;
    at += kBlock + std::min(padded, rest);
  }
  return members;
}

}  // namespace deepaxe::dataset
