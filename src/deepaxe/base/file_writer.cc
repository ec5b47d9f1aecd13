#include "deepaxe/base/file_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "deepaxe/base/input_error.h"

namespace deepaxe::base {

namespace {

// Where the bytes go. A renamed file would take the place of a link, of a device or of a pipe.
std::filesystem::path resolved(const std::filesystem::path& target) {
  std::error_code error;
  const auto status = std::filesystem::status(target, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_directory(status)) {
    throw InputError({target.string(), "", "a device or a pipe", "a file to write"});
  }
  if (!std::filesystem::is_symlink(std::filesystem::symlink_status(target, error))) return target;
  const auto end = std::filesystem::weakly_canonical(target, error);
  return error ? target : end;
}

}  // namespace

FileWriter::FileWriter(const std::filesystem::path& target)
    : target_(resolved(target)), side_(target_.string() + ".new." + std::to_string(::getpid())) {
  descriptor_ = ::open(side_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail_with_errno("cannot be written");
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!renamed_) ::unlink(side_.c_str());
}

void FileWriter::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_with_errno("write failed");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void FileWriter::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void FileWriter::finish() {
  if (::fsync(descriptor_) != 0) fail_with_errno("write failed");
  if (::rename(side_.c_str(), target_.c_str()) != 0) fail_with_errno("rename failed");
  renamed_ = true;
}

// The destructor does not run when the constructor throws: the file does not exist then.
void FileWriter::fail_with_errno(const std::string& what) {
  throw InputError({target_.string(), "", what + " (" + std::strerror(errno) + ")",
                    "a writable place with room"});
}

}  // namespace deepaxe::base
