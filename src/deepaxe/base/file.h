// Files: read whole (plain or gzip), written aside and renamed so that nothing is half written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deepaxe::base {

/// No bound on what is read.
inline constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

/// The whole file. Throws InputError if it cannot be opened or read or is longer than `max_bytes`;
/// no more than that is ever held.
std::vector<std::byte> read_file(const std::filesystem::path& path,
                                 std::size_t max_bytes = kAnySize);

/// As read_file, and decompressed if the content begins as gzip does, whatever the name.
/// Throws InputError for damaged or truncated gzip data. The bound holds for both forms.
std::vector<std::byte> read_file_maybe_gzip(const std::filesystem::path& path,
                                            std::size_t max_bytes = kAnySize);

/// `bytes` decompressed if they begin as gzip does, else as they are; `name` is used in InputError.
std::vector<std::byte> maybe_gunzip(std::vector<std::byte> bytes, const std::string& name,
                                    std::size_t max_bytes = kAnySize);

/// The file at `path`, or `path` + ".gz" where only that exists; empty path if neither does.
std::filesystem::path find_file_or_gz(const std::filesystem::path& path);

/// Throws what write_file_atomically would throw for an unwritable place, and leaves nothing
/// behind: to be asked before long work whose result goes there. An empty path is fine.
void require_writable(const std::filesystem::path& path);

/// Writes `path` + ".new.<pid>", flushes it to disk, renames it over `path`. On failure (unwritable
/// folder, disk full) the old file is as it was, nothing is left behind, and InputError is thrown.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace deepaxe::base
