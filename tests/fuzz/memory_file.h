// MemoryFile: bytes under a path, for readers that want a file.
#pragma once

#include <filesystem>
#include <span>

namespace deepaxe::fuzz {

/// Lives in memory and ends with the object; children that this process forks can read it, too.
class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::byte> bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const;

 private:
  int descriptor_;
};

}  // namespace deepaxe::fuzz
