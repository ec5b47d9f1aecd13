#include "deepaxe/base/scratch_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace deepaxe::base {
namespace {

TEST(ScratchFolder, IsItsOwnAndGoesWithAllItHolds) {
  std::filesystem::path path;
  {
    const ScratchFolder folder("deepaxe-test");
    const ScratchFolder other("deepaxe-test");
    EXPECT_NE(folder.path(), other.path());
    path = folder.path();
    std::filesystem::create_directory(path / "inner");
    std::ofstream(path / "inner" / "file") << "text";
    EXPECT_TRUE(std::filesystem::exists(path / "inner" / "file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace deepaxe::base
