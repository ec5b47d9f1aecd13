// ScratchFolder: a folder of the process's own, gone when it is.
#pragma once

#include <filesystem>
#include <string>

namespace deepaxe::base {

class ScratchFolder {
 public:
  /// "NAME-" and six characters that no folder beside it has, among the temporary files. Throws
  /// InputError if none can be made there.
  explicit ScratchFolder(const std::string& name);
  ~ScratchFolder();  ///< Removes it with all it holds; a failure is ignored.
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace deepaxe::base
