#include "deepaxe/hw/design/output_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <set>

#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::design {
namespace {

namespace fs = std::filesystem;

class OutputFolder : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("deepaxe_output_folder_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override {
    fs::permissions(root_, fs::perms::owner_all);
    fs::remove_all(root_);
  }

  static std::set<std::string> names(const fs::path& folder) {
    std::set<std::string> result;
    for (const auto& entry : fs::directory_iterator(folder)) {
      result.insert(entry.path().filename().string());
    }
    return result;
  }
  static std::string content(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static std::string error_of(const fs::path& folder, const SourceFiles& files) {
    try {
      write_folder(folder, files);
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "";
  }

  fs::path root_;
};

TEST_F(OutputFolder, HoldsTheFilesAndTheManifestAndNothingElse) {
  write_folder(root_ / "new" / "deep", {{"a.h", "1\n"}, {"b.cpp", "2\n"}});
  EXPECT_EQ(names(root_ / "new"), std::set<std::string>{"deep"});
  EXPECT_EQ(names(root_ / "new" / "deep"), (std::set<std::string>{"a.h", "b.cpp", kManifestName}));
  EXPECT_EQ(content(root_ / "new" / "deep" / "b.cpp"), "2\n");
}

TEST_F(OutputFolder, ReplacesItsOwnFolderAndMakesBuildWhole) {
  const fs::path folder = root_ / "design";
  write_folder(folder, {{"old.h", "1\n"}});
  fs::create_directory(folder / "build");
  write_folder(folder / "", {{"new.h", "2\n"}});
  EXPECT_EQ(names(folder), (std::set<std::string>{"new.h", kManifestName}));
  EXPECT_EQ(names(root_), std::set<std::string>{"design"});
}

TEST_F(OutputFolder, RefusesAFolderWithAForeignFileAndLeavesItAlone) {
  const fs::path folder = root_ / "design";
  write_folder(folder, {{"a.h", "1\n"}});
  std::ofstream(folder / "notes.txt") << "mine";
  EXPECT_EQ(error_of(folder, {{"a.h", "2\n"}}),
            folder.string() +
                ": notes.txt: found a file that was not generated here, expected an "
                "empty folder or one written by generate");
  EXPECT_EQ(content(folder / "a.h"), "1\n");
  EXPECT_EQ(content(folder / "notes.txt"), "mine");
}

TEST_F(OutputFolder, TakesAnEmptyFolderButNoFile) {
  fs::create_directory(root_ / "empty");
  write_folder(root_ / "empty", {{"a.h", "1\n"}});
  EXPECT_EQ(content(root_ / "empty" / "a.h"), "1\n");
  std::ofstream(root_ / "file") << "mine";
  EXPECT_NE(error_of(root_ / "file", {{"a.h", "1\n"}}), "");
  EXPECT_EQ(content(root_ / "file"), "mine");
}

TEST_F(OutputFolder, AnUnwritablePlaceIsNamedAndNothingIsLeftBehind) {
  // Below a file no folder can be made, whoever asks (root may write to read-only folders).
  std::ofstream(root_ / "file") << "mine";
  const std::string error = error_of(root_ / "file" / "design", {{"a.h", "1\n"}});
  EXPECT_NE(error.find((root_ / "file" / "design").string()), std::string::npos) << error;
  EXPECT_NE(error.find("expected a writable folder"), std::string::npos) << error;
  EXPECT_EQ(names(root_), std::set<std::string>{"file"});
}

}  // namespace
}  // namespace deepaxe::hw::design
