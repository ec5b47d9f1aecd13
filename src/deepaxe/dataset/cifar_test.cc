#include "deepaxe/dataset/cifar.h"

#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

using Cifar = TestFolder;

// A record whose pixel `at` has red at % 251, green (at + 1) % 251, blue (at + 2) % 251.
std::string record(char label) {
  std::string text(1, label);
  for (int channel = 0; channel < 3; ++channel) {
    for (int at = 0; at < 1024; ++at) text += static_cast<char>((at + channel) % 251);
  }
  return text;
}

TEST_F(Cifar, InterleavesThePlanes) {
  const ImageSet images = read_cifar(write("any-name", record(3) + record(9)));
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(images.shape_text(), "32x32x3");
  EXPECT_EQ(images.labels, (std::vector<int>{3, 9}));
  for (std::size_t i = 0; i < images.bytes.size(); ++i) {
    EXPECT_EQ(images.bytes[i], (i / 3 % 1024 + i % 3) % 251) << i;
  }
}

TEST_F(Cifar, JoinsTheBatchesOfAFolder) {
  write("test_batch.bin", record(1));
  write("data_batch_1.bin", record(2) + record(3));
  write("data_batch_4.bin", record(4));
  EXPECT_TRUE(load(folder_.string()).train.empty());
  const Dataset dataset = load(folder_.string(), {.with_train = true});
  EXPECT_EQ(dataset.test.labels, std::vector<int>{1});
  EXPECT_EQ(dataset.train.labels, (std::vector<int>{2, 3, 4}));
  EXPECT_EQ(dataset.train.bytes.size(), 3u * 3072u);
  EXPECT_EQ(dataset.num_classes, 10);
}

TEST_F(Cifar, RejectsWrongSizesAndLabels) {
  EXPECT_INPUT_ERROR(read_cifar(write("cut", record(1).substr(1))), "found 3072 bytes");
  EXPECT_INPUT_ERROR(read_cifar(write("empty", "")), "found 0 bytes");
  EXPECT_INPUT_ERROR(read_cifar(write("label", record(1) + record(10))),
                     "label of image 1: found 10, expected 0..9");
  write("data_batch_1.bin", record(1));
  EXPECT_INPUT_ERROR(load(folder_.string()), "no test_batch.bin[.gz]");
}

TEST_F(Cifar, ReadsTheLabelsOfTheRealTestSet) {
  const auto records = shared_dataset("cifar10/test_batch_first1000.bin.gz");
  const auto labels = shared_dataset("cifar10/test_labels.u8");
  if (!std::filesystem::exists(records)) GTEST_SKIP() << "no " << records;
  const Dataset dataset = load(records.string());
  const auto expected = base::read_file(labels);
  ASSERT_EQ(dataset.test.size(), 1000u);
  for (std::size_t i = 0; i < dataset.test.size(); ++i) {
    EXPECT_EQ(dataset.test.labels[i], std::to_integer<int>(expected[i]));
  }
}

}  // namespace
}  // namespace deepaxe::dataset
