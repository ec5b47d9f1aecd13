#include "deepaxe/frontend/keras/archive.h"

#include <zip.h>

#include <array>
#include <cstring>
#include <memory>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::keras {
namespace {

constexpr zip_uint64_t kMaxMemberBytes = zip_uint64_t{4} << 30;

[[noreturn]] void refuse(const std::string& file, std::string place, std::string found) {
  throw base::InputError({.file = file,
                          .place = std::move(place),
                          .found = std::move(found),
                          .expected = "an undamaged .keras archive (zip)"});
}

using Zip = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using ZipFile = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

Zip open_zip(std::span<const std::byte> bytes, const std::string& file) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened == nullptr) {
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    zip_source_free(source);
    refuse(file, "zip", reason);
  }
  zip_error_fini(&error);
  return {opened, &zip_discard};
}

}  // namespace

bool looks_like_zip(std::span<const std::byte> bytes) noexcept {
  constexpr std::array<unsigned char, 4> kSignature = {'P', 'K', 3, 4};
  return bytes.size() >= kSignature.size() &&
         std::memcmp(bytes.data(), kSignature.data(), kSignature.size()) == 0;
}

std::optional<std::vector<std::byte>> read_zip_member(std::span<const std::byte> bytes,
                                                      const std::string& name,
                                                      const std::string& file) {
  const Zip zip = open_zip(bytes, file);
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat(zip.get(), name.c_str(), 0, &stat) != 0) return std::nullopt;
  if ((stat.valid & ZIP_STAT_SIZE) == 0 || stat.size > kMaxMemberBytes) {
    refuse(file, name, "a member of unknown or excessive size");
  }
  const ZipFile member(zip_fopen(zip.get(), name.c_str(), 0), &zip_fclose);
  if (member == nullptr) refuse(file, name, zip_strerror(zip.get()));
  std::vector<std::byte> content;
  std::array<std::byte, 65536> chunk;
  while (content.size() <= stat.size) {  // Grows with what is there, not with what is claimed.
    const zip_int64_t got = zip_fread(member.get(), chunk.data(), chunk.size());
    if (got < 0) refuse(file, name, zip_file_strerror(member.get()));  // The checksum, too.
    if (got == 0) break;
    content.insert(content.end(), chunk.begin(), chunk.begin() + got);
  }
  if (content.size() != stat.size) refuse(file, name, "a member of another size than declared");
  return content;
}

}  // namespace deepaxe::frontend::keras
