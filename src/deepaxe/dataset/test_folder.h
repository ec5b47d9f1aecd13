// TestFolder: a folder of its own for each test, and the text of an expected InputError.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::dataset {

class TestFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("deepaxe_" + std::string(test->name()) + "_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::span<const std::byte> bytes) const {
    base::write_file_atomically(folder_ / name, bytes);
    return folder_ / name;
  }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    return write(name, std::as_bytes(std::span(text)));
  }

  std::filesystem::path folder_;
};

/// The message, one line; or a text that says that nothing was thrown.
template <typename Action>
std::string input_error_of(Action action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

#define EXPECT_INPUT_ERROR(action, part)                                            \
  do {                                                                              \
    const std::string message = input_error_of([&] { static_cast<void>(action); }); \
    EXPECT_NE(message.find(part), std::string::npos) << message;                    \
  } while (false)

/// Part of the test data that lies beside the project; absent elsewhere.
inline std::filesystem::path shared_dataset(const std::string& name) {
  return std::filesystem::path(DEEPAXE_SOURCE_DIR) / "../shared/data/datasets" / name;
}

}  // namespace deepaxe::dataset
