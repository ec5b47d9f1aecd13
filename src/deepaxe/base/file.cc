#include "deepaxe/base/file.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/file_writer.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::base {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& place,
                       const std::string& found, const std::string& expected = "") {
  throw InputError({path.string(), place, found, expected});
}

// What is read grows by so much at a time.
constexpr std::size_t kChunkBytes = std::size_t{1} << 18;

void expect_at_most(const std::filesystem::path& path, std::size_t size, std::size_t max_bytes) {
  if (size <= max_bytes) return;
  fail(path, "", "more than " + std::to_string(max_bytes) + " bytes", "at most so many");
}

std::vector<std::byte> gunzip(const std::string& path, std::span<const std::byte> compressed,
                              std::size_t max_bytes) {
  z_stream stream{};
  DEEPAXE_ASSERT(inflateInit2(&stream, 15 + 16) == Z_OK);  // 16: expect a gzip header.
  if (compressed.size() > std::numeric_limits<uInt>::max()) fail(path, "", "more than 4 GiB");
  // zlib's interface is not const-correct; it does not write to next_in.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::vector<std::byte> out;
  std::vector<std::byte> chunk(kChunkBytes);
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), chunk.begin(),
               chunk.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
    if (out.size() > max_bytes) break;
    if (status == Z_STREAM_END && stream.avail_in > 0) status = inflateReset(&stream);
  }
  const auto offset = std::to_string(stream.total_in);
  inflateEnd(&stream);
  expect_at_most(path, out.size(), max_bytes);
  if (status != Z_STREAM_END)
    fail(path, "gzip byte " + offset, "damaged or truncated data", "a whole gzip file");
  return out;
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) fail(path, "", "a folder", "a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) fail(path, "", std::string("no readable file (") + std::strerror(errno) + ")");
  std::vector<std::byte> bytes;
  std::vector<std::byte> chunk(kChunkBytes);
  while (stream) {
    stream.read(reinterpret_cast<char*>(chunk.data()), static_cast<std::streamsize>(chunk.size()));
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + stream.gcount());
    expect_at_most(path, bytes.size(), max_bytes);
  }
  if (stream.bad()) fail(path, "byte " + std::to_string(bytes.size()), "a read error");
  return bytes;
}

std::vector<std::byte> read_file_maybe_gzip(const std::filesystem::path& path,
                                            std::size_t max_bytes) {
  return maybe_gunzip(read_file(path, max_bytes), path.string(), max_bytes);
}

std::vector<std::byte> maybe_gunzip(std::vector<std::byte> bytes, const std::string& name,
                                    std::size_t max_bytes) {
  const bool is_gzip =
      bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
  return is_gzip ? gunzip(name, bytes, max_bytes) : bytes;
}

std::filesystem::path find_file_or_gz(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return path;
  std::filesystem::path compressed = path;
  compressed += ".gz";
  return std::filesystem::exists(compressed) ? compressed : std::filesystem::path();
}

void require_writable(const std::filesystem::path& path) {
  if (path.empty()) return;
  if (std::filesystem::is_directory(path)) fail(path, "", "a folder", "a file to write");
  const FileWriter probe(path);
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  FileWriter writer(path);
  writer.write(bytes);
  writer.finish();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span(text)));
}

}  // namespace deepaxe::base
