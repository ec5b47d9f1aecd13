#include "deepaxe/dataset/idx.h"

#include <zlib.h>

#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 255);
  return text;
}

std::string images_file(std::uint32_t count, std::uint32_t height, std::uint32_t width,
                        const std::string& pixels) {
  return big_endian(0x803) + big_endian(count) + big_endian(height) + big_endian(width) + pixels;
}

std::string labels_file(const std::string& labels) {
  return big_endian(0x801) + big_endian(static_cast<std::uint32_t>(labels.size())) + labels;
}

class Idx : public TestFolder {
 protected:
  // Two images of 1x3 pixels with these labels.
  void write_part(const std::string& prefix, const std::string& labels, char separator = '-') {
    write(prefix + "-images" + separator + "idx3-ubyte", images_file(2, 1, 3, "abcdef"));
    write(prefix + "-labels" + separator + "idx1-ubyte", labels_file(labels));
  }
};

TEST_F(Idx, ReadsImagesAndLabelsInOrder) {
  write_part("t10k", "\x07\x02");
  const Dataset dataset = load_idx_folder(folder_, true);
  EXPECT_EQ(dataset.test.shape_text(), "1x3x1");
  EXPECT_EQ(dataset.test.bytes, (std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}));
  EXPECT_EQ(dataset.test.labels, (std::vector<int>{7, 2}));
  EXPECT_EQ(dataset.num_classes, 8);
  EXPECT_TRUE(dataset.train.empty());
}

TEST_F(Idx, ReadsTheTrainingPartOnlyWhenAsked) {
  write_part("t10k", "\x01\x02", '.');
  write_part("train", "\x09\x02");
  EXPECT_TRUE(load_idx_folder(folder_, false).train.empty());
  const Dataset dataset = load_idx_folder(folder_, true);
  EXPECT_EQ(dataset.train.size(), 2u);
  EXPECT_EQ(dataset.num_classes, 10);
}

TEST_F(Idx, ReadsGzip) {
  write_part("t10k", "\x01\x02");
  std::filesystem::remove(folder_ / "t10k-labels-idx1-ubyte");
  gzFile_s* const file = gzopen((folder_ / "t10k-labels-idx1-ubyte.gz").c_str(), "wb");
  const std::string text = labels_file("\x04\x05");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  EXPECT_EQ(load_idx_folder(folder_, false).test.labels, (std::vector<int>{4, 5}));
}

TEST_F(Idx, RejectsEveryTruncation) {
  const std::string images = images_file(2, 1, 3, "abcdef"), labels = labels_file("\x01\x02");
  const auto whole_images = write("images", images), whole_labels = write("labels", labels);
  for (std::size_t length = 0; length < images.size(); ++length) {
    const auto cut = write("cut", images.substr(0, length));
    EXPECT_THROW(read_idx(cut, whole_labels), base::InputError) << length;
  }
  for (std::size_t length = 0; length < labels.size(); ++length) {
    const auto cut = write("cut", labels.substr(0, length));
    EXPECT_THROW(read_idx(whole_images, cut), base::InputError) << length;
  }
}

TEST_F(Idx, RejectsDamagedHeaders) {
  const auto labels = write("labels", labels_file("\x01\x02"));
  const auto images = write("images", images_file(2, 1, 3, "abcdef"));
  EXPECT_INPUT_ERROR(read_idx(labels, labels), "found magic 2049, expected 2051");
  EXPECT_INPUT_ERROR(read_idx(images, write("more", labels_file("\x01\x02\x03"))),
                     "found 3, expected 2 as there are images in images");
  EXPECT_INPUT_ERROR(read_idx(write("empty", images_file(0, 1, 3, "")), labels), "at least 1");
  EXPECT_INPUT_ERROR(read_idx(write("flat", images_file(2, 0, 3, "")), labels), "1..65535");
  EXPECT_INPUT_ERROR(read_idx(write("huge", images_file(~0U, 65'535, 65'535, "abc")), labels),
                     "found 3 bytes");
  EXPECT_INPUT_ERROR(read_idx(write("long", images_file(2, 1, 3, "abcdefg")), labels),
                     "found 7 bytes, expected 6");
}

TEST_F(Idx, NamesAMissingFile) {
  write_part("t10k", "\x01\x02");
  std::filesystem::remove(folder_ / "t10k-labels-idx1-ubyte");
  EXPECT_INPUT_ERROR(load_idx_folder(folder_, false), "no t10k-labels-idx1-ubyte[.gz]");
}

TEST_F(Idx, LoadsMnistWhole) {
  const auto mnist = shared_dataset("mnist");
  if (!std::filesystem::exists(mnist)) GTEST_SKIP() << "no " << mnist;
  const Dataset dataset = load_idx_folder(mnist, true);
  EXPECT_EQ(dataset.test.size(), 10'000u);
  EXPECT_EQ(dataset.train.size(), 60'000u);
  EXPECT_EQ(dataset.test.shape_text(), "28x28x1");
  EXPECT_EQ(dataset.num_classes, 10);
  EXPECT_EQ(dataset.test.labels[0], 7);  // The first test image of MNIST, as everyone knows it.
}

}  // namespace
}  // namespace deepaxe::dataset
