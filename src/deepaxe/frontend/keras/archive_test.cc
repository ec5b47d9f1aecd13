#include "deepaxe/frontend/keras/archive.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/hdf5_reader.h"

namespace deepaxe::frontend::keras {
namespace {

std::vector<std::byte> fixture(const char* name) {
  return base::read_file(std::filesystem::path(DEEPAXE_SOURCE_DIR) / "tests/keras_fixtures" / name);
}

TEST(Archive, ReadsStoredAndDeflatedMembers) {
  for (const char* name : {"nested.keras", "activations.keras"}) {
    const auto bytes = fixture(name);
    EXPECT_TRUE(looks_like_zip(bytes));
    const auto config = read_zip_member(bytes, "config.json", name);
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->front(), std::byte{'{'});
  }
}

TEST(Archive, HasNothingForAMissingMember) {
  EXPECT_FALSE(read_zip_member(fixture("nested.keras"), "no.such", "nested.keras").has_value());
}

TEST(Archive, NoticesOneChangedByteOfAMember) {
  auto bytes = fixture("nested.keras");  // Stored: the checksum is all that protects it.
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  bytes[text.find("inbound_nodes")] = std::byte{'X'};
  EXPECT_THROW((void)read_zip_member(bytes, "config.json", "nested.keras"), base::InputError);
}

TEST(Hdf5, ReadsArraysAndAttributesButNoOptimizerState) {
  const auto bytes = fixture("keras1_th.h5");
  ASSERT_TRUE(looks_like_hdf5(bytes));
  const Hdf5Content content = read_hdf5(bytes, "keras1_th.h5");
  EXPECT_EQ(content.text("", "keras_version"), "1.2.2");
  const auto* names = content.attribute("model_weights/convolution2d_1", "weight_names");
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(*names, (Hdf5Content::Strings{"convolution2d_1_W", "convolution2d_1_b"}));
  const auto kernel = content.arrays.find("model_weights/convolution2d_1/convolution2d_1_W");
  ASSERT_NE(kernel, content.arrays.end());
  EXPECT_EQ(kernel->second.shape, (std::vector<int>{4, 2, 3, 2}));
  EXPECT_EQ(kernel->second.values.size(), 48U);
}

}  // namespace
}  // namespace deepaxe::frontend::keras
