// FileWriter: a file that grows piece by piece and appears under its name only when it is whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace deepaxe::base {

/// Writes `target` + ".new.<pid>"; without finish() nothing is left behind and an old file stays as
/// it was. A link stays a link: what it leads to is replaced. All but the destructor throw
/// InputError (unwritable folder, disk full, a target that is no file but a device or a pipe).
class FileWriter {
 public:
  explicit FileWriter(const std::filesystem::path& target);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  void finish();  ///< Flushes to disk and renames over the target; once, last.

 private:
  [[noreturn]] void fail_with_errno(const std::string& what);

  std::filesystem::path target_;
  std::filesystem::path side_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

}  // namespace deepaxe::base
