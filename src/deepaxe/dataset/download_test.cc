#include "deepaxe/dataset/download.h"

#include "deepaxe/base/child.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/sha256.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

class Download : public TestFolder {
 protected:
  std::string url(const std::string& name) const { return "file://" + (folder_ / name).string(); }
  std::string hash(const std::string& name) const {
    return base::sha256_hex(base::read_file(folder_ / name));
  }
  std::filesystem::path fetch_logged(const RemoteDataset& remote) {
    return fetch(remote, folder_ / "cache", [this](const std::string& line) {
      EXPECT_FALSE(line.empty());
      ++num_fetched_;
    });
  }
  // One file "f", first from a mirror that fails, then from the right one.
  RemoteDataset remote_file() {
    write("right", "the right content");
    return {
        .name = "set",
        .files = {{.name = "f", .urls = {url("absent"), url("right")}, .sha256 = hash("right")}},
        .archive_members = {}};
  }

  int num_fetched_ = 0;
};

TEST_F(Download, TriesTheMirrorsInOrderAndKeepsTheFile) {
  const auto folder = fetch_logged(remote_file());
  EXPECT_EQ(folder, folder_ / "cache" / "set");
  EXPECT_EQ(base::read_file(folder / "f"), base::read_file(folder_ / "right"));
  EXPECT_EQ(num_fetched_, 2);
}

TEST_F(Download, FetchesAgainOnlyWhatIsMissingOrDamaged) {
  const RemoteDataset remote = remote_file();
  fetch_logged(remote);
  num_fetched_ = 0;
  fetch_logged(remote);
  EXPECT_EQ(num_fetched_, 0);
  write("cache/set/f", "damaged");
  const auto folder = fetch_logged(remote);
  EXPECT_EQ(base::sha256_hex(base::read_file(folder / "f")), remote.files[0].sha256);
}

TEST_F(Download, RefusesAWrongHashAndNamesEveryMirror) {
  RemoteDataset remote = remote_file();
  const std::string found = remote.files[0].sha256;
  remote.files[0].sha256 = std::string(64, '0');
  const std::string message = input_error_of([&] { fetch_logged(remote); });
  EXPECT_NE(message.find(url("absent")), std::string::npos) << message;
  EXPECT_NE(message.find("SHA-256 " + found), std::string::npos) << message;
  EXPECT_NE(message.find("expected SHA-256 " + std::string(64, '0')), std::string::npos) << message;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "cache/set/f"));
}

TEST_F(Download, ReportsAServerThatIsNotThere) {
  RemoteDataset remote = remote_file();
  remote.files[0].urls = {"http://127.0.0.1:1/f"};
  EXPECT_INPUT_ERROR(fetch_logged(remote), "http://127.0.0.1:1/f (");
}

TEST_F(Download, UnpacksTheNamedMembersOfAnArchive) {
  std::filesystem::create_directories(folder_ / "in");
  write("in/test_batch.bin", std::string(3073, '\x01'));
  write("in/readme.html", "not wanted");
  const auto packed = base::run_program(
      {"tar", "-C", folder_.string(), "-czf", (folder_ / "a.tar.gz").string(), "in"}, {});
  ASSERT_EQ(packed.exit_code, 0);
  RemoteDataset remote{
      .name = "cifar10",
      .files = {{.name = "a.tar.gz", .urls = {url("a.tar.gz")}, .sha256 = hash("a.tar.gz")}},
      .archive_members = {"test_batch.bin"}};
  const auto folder = fetch_logged(remote);
  EXPECT_FALSE(std::filesystem::exists(folder / "readme.html"));
  fetch_logged(remote);
  EXPECT_EQ(num_fetched_, 1);
  const LoadOptions options{.cache = folder_ / "cache"};
  EXPECT_EQ(load("cifar10", options).test.labels, std::vector<int>{1});
  remote.archive_members.emplace_back("absent.bin");
  EXPECT_INPUT_ERROR(fetch_logged(remote), "no member absent.bin");
}

TEST_F(Download, StopsWhenInterrupted) {
  base::request_interrupt();
  EXPECT_THROW(fetch_logged(remote_file()), base::Interrupted);
  base::clear_interrupt();
}

TEST_F(Download, ReportsACacheThatCannotBeWritten) {
  write("file", "text");
  const auto ignore = [](const std::string&) {};
  EXPECT_INPUT_ERROR(fetch(remote_file(), folder_ / "file", ignore), "a folder to write to");
}

TEST(RemoteDataset, IsKnownForTheTwoNamesOnly) {
  EXPECT_EQ(remote_dataset("mnist").files.size(), 4u);
  EXPECT_EQ(remote_dataset("cifar10").archive_members.size(), 6u);
  EXPECT_INPUT_ERROR(remote_dataset("imagenet"), "'imagenet', expected mnist or cifar10");
}

// The copy beside the project has the same labels and test images; its training images are the
// same pixels compressed anew, so that only their content could be compared.
TEST(RemoteDataset, HasTheHashesOfMnist) {
  for (const RemoteFile& file : remote_dataset("mnist").files) {
    const auto path = shared_dataset("mnist") / file.name;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
    if (file.name == "train-images-idx3-ubyte.gz") continue;
    EXPECT_EQ(base::sha256_hex(base::read_file(path)), file.sha256);
  }
}

}  // namespace
}  // namespace deepaxe::dataset
