#include "deepaxe/base/file_writer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/scratch_folder.h"

namespace deepaxe::base {
namespace {

std::string text_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(FileWriter, JoinsItsPieces) {
  const ScratchFolder folder("file_writer");
  const std::filesystem::path path = folder.path() / "out.csv";
  FileWriter writer(path);
  writer.write(std::string_view("a,b\n"));
  EXPECT_FALSE(std::filesystem::exists(path));  // Not before it is whole.
  writer.write(std::string_view("1,2\n"));
  writer.finish();
  EXPECT_EQ(text_of(path), "a,b\n1,2\n");
}

TEST(FileWriter, UnfinishedLeavesTheOldFileAndNothingElse) {
  const ScratchFolder folder("file_writer");
  const std::filesystem::path path = folder.path() / "out.csv";
  write_file_atomically(path, "old");
  {
    FileWriter writer(path);
    writer.write(std::string_view("new"));
  }
  EXPECT_EQ(text_of(path), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  EXPECT_THROW(FileWriter(folder.path() / "nowhere" / "out.csv"), InputError);
}

}  // namespace
}  // namespace deepaxe::base
