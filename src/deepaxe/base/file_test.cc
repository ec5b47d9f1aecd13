#include "deepaxe/base/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string>

#include "deepaxe/base/child.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::base {
namespace {

class File : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("deepaxe_file_" + std::string(test->name()) + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string text_of(const std::filesystem::path& path) const {
    const auto bytes = read_file_maybe_gzip(path);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  void write_gzip(const std::filesystem::path& path, const std::string& text, const char* mode) {
    gzFile_s* const file = gzopen(path.c_str(), mode);
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    gzclose(file);
  }
  std::size_t num_files() const {
    const std::filesystem::directory_iterator files(folder_);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  std::filesystem::path folder_;
};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST_F(File, ReadsWhatWasWritten) {
  const std::string text = std::string("zero \0 byte", 11) + std::string(600'000, 'x');
  write_file_atomically(folder_ / "a", text);
  EXPECT_EQ(text_of(folder_ / "a"), text);
  EXPECT_EQ(num_files(), 1u);
}

TEST_F(File, NamesWhatCannotBeRead) {
  EXPECT_NE(message_of([&] { read_file(folder_ / "absent"); }).find("absent"), std::string::npos);
  EXPECT_NE(message_of([&] { read_file(folder_); }).find("expected a file"), std::string::npos);
}

TEST_F(File, DecompressesGzipOfSeveralMembersWhateverTheName) {
  const std::string text(700'000, 'y');
  write_gzip(folder_ / "plain-name", text, "wb");
  write_gzip(folder_ / "plain-name", "tail", "ab");
  EXPECT_EQ(text_of(folder_ / "plain-name"), text + "tail");
}

// Every proper prefix of a gzip file that is long enough to be recognised is damaged.
TEST_F(File, RejectsGzipTruncatedAnywhere) {
  write_gzip(folder_ / "whole", "a text that compresses badly: 8f3k1q", "wb");
  const auto bytes = read_file(folder_ / "whole");
  for (std::size_t length = 2; length < bytes.size(); ++length) {
    write_file_atomically(folder_ / "cut", std::span(bytes).first(length));
    EXPECT_THROW(read_file_maybe_gzip(folder_ / "cut"), InputError) << length << " bytes";
  }
}

TEST_F(File, RejectsAFlippedByteInGzipData) {
  write_gzip(folder_ / "whole", std::string(1000, 'z'), "wb");
  auto bytes = read_file(folder_ / "whole");
  bytes[bytes.size() - 6] ^= std::byte{1};  // Inside the checksum.
  write_file_atomically(folder_ / "bad", bytes);
  EXPECT_THROW(read_file_maybe_gzip(folder_ / "bad"), InputError);
}

TEST_F(File, FindsTheCompressedTwin) {
  write_file_atomically(folder_ / "b.gz", "b");
  EXPECT_EQ(find_file_or_gz(folder_ / "b"), folder_ / "b.gz");
  write_file_atomically(folder_ / "b", "b");
  EXPECT_EQ(find_file_or_gz(folder_ / "b"), folder_ / "b");
  EXPECT_TRUE(find_file_or_gz(folder_ / "c").empty());
}

// A path below a regular file cannot be written by anyone, the superuser included.
TEST_F(File, RefusesAnUnwritableFolder) {
  write_file_atomically(folder_ / "file", "old");
  const std::string message =
      message_of([&] { write_file_atomically(folder_ / "file" / "below", "new"); });
  EXPECT_NE(message.find("cannot be written (Not a directory)"), std::string::npos) << message;
}

TEST_F(File, AsksForAWritablePlaceWithoutLeavingATrace) {
  write_file_atomically(folder_ / "file", "old");
  require_writable(folder_ / "file");
  require_writable(folder_ / "another");
  require_writable("");
  EXPECT_EQ(num_files(), 1u);
  EXPECT_THROW(require_writable(folder_ / "file" / "below"), InputError);
  EXPECT_THROW(require_writable(folder_), InputError);
}

TEST_F(File, ReplacesWhatALinkLeadsToAndNoDeviceOrPipe) {
  write_file_atomically(folder_ / "file", "old");
  std::filesystem::create_symlink("file", folder_ / "link");
  write_file_atomically(folder_ / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
  EXPECT_EQ(text_of(folder_ / "file"), "new");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(write_file_atomically(folder_ / "pipe", "text"), InputError);
  EXPECT_THROW(require_writable(folder_ / "pipe"), InputError);
  EXPECT_TRUE(std::filesystem::is_fifo(folder_ / "pipe"));
  EXPECT_EQ(num_files(), 3u);
}

TEST_F(File, LeavesNothingBehindWhereTheTargetCannotBeReplaced) {
  std::filesystem::create_directories(folder_ / "target" / "inside");
  EXPECT_THROW(write_file_atomically(folder_ / "target", "new"), InputError);
  EXPECT_EQ(num_files(), 1u);
}

// A limit on the size of files stands for a full disk: write() fails half way either way.
TEST_F(File, KeepsTheOldFileWhenTheDiskIsFull) {
  write_file_atomically(folder_ / "a", "old");
  const auto write_too_much = [&]() -> std::vector<std::byte> {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 1000, .rlim_max = 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    write_file_atomically(folder_ / "a", std::string(5000, 'n'));
    return {};
  };
  const ChildResult result = run_in_child(write_too_much, {});
  const std::string message(reinterpret_cast<const char*>(result.output.data()),
                            result.output.size());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(message.find("write failed (File too large)"), std::string::npos) << message;
  EXPECT_EQ(text_of(folder_ / "a"), "old");
  EXPECT_EQ(num_files(), 1u);
}

}  // namespace
}  // namespace deepaxe::base
