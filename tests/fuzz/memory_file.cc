#include "memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "deepaxe/base/assertion.h"

namespace deepaxe::fuzz {

MemoryFile::MemoryFile(std::span<const std::byte> bytes)
    : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
  DEEPAXE_ASSERT(descriptor_ >= 0);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    DEEPAXE_ASSERT(written > 0);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::filesystem::path MemoryFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace deepaxe::fuzz
