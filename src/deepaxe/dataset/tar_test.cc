#include "deepaxe/dataset/tar.h"

#include "deepaxe/base/child.h"
#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

class Tar : public TestFolder {
 protected:
  // Two files below a folder, and a link, as the tar program packs them.
  std::vector<std::byte> made_by_tar(const std::string& format) {
    std::filesystem::create_directories(folder_ / "in");
    write("in/a.bin", std::string(513, 'a'));
    write("in/b.bin", "");
    std::error_code ignored;  // There from an earlier call.
    std::filesystem::create_symlink("/etc/passwd", folder_ / "in/link.bin", ignored);
    const auto result = base::run_program({"tar", "--format=" + format, "-C", folder_.string(),
                                           "-cf", (folder_ / "out.tar").string(), "in"},
                                          {});
    EXPECT_EQ(result.exit_code, 0);
    return base::read_file(folder_ / "out.tar");
  }
};

TEST_F(Tar, ReadsRegularFilesOnlyInEveryCommonFormat) {
  for (const std::string format : {"ustar", "gnu", "v7", "posix"}) {
    const auto members = read_tar(made_by_tar(format), "out.tar");
    ASSERT_EQ(members.size(), 2u) << format;
    EXPECT_EQ(members.at("a.bin"), std::vector<std::byte>(513, std::byte{'a'}));
    EXPECT_TRUE(members.at("b.bin").empty());
  }
}

TEST_F(Tar, RejectsAFlippedHeaderByteAndACutMember) {
  auto bytes = made_by_tar("ustar");
  bytes[0] ^= std::byte{1};
  EXPECT_INPUT_ERROR(read_tar(bytes, "out.tar"), "out.tar: byte 0: found a wrong checksum");
  bytes[0] ^= std::byte{1};
  EXPECT_INPUT_ERROR(read_tar(std::span(bytes).first(700), "out.tar"), "found the end of the file");
  const auto whole = std::span(bytes);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t header = text.find("in/a.bin");
  EXPECT_INPUT_ERROR(read_tar(whole.first(header + 600), "out.tar"), "a member of 513 bytes");
}

TEST_F(Tar, OfNothingHasNoMembers) {
  EXPECT_TRUE(read_tar({}, "out.tar").empty());
  EXPECT_TRUE(read_tar(std::vector<std::byte>(1024), "out.tar").empty());
}

}  // namespace
}  // namespace deepaxe::dataset
