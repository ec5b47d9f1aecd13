#include "deepaxe/dataset/image_set.h"

#include <algorithm>
#include <utility>

#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

ImageSet images_of(int height, int width, int channels, std::size_t count) {
  ImageSet images;
  images.height = height;
  images.width = width;
  images.channels = channels;
  images.labels.resize(count);
  images.bytes.resize(count * images.elements_per_image());
  for (std::size_t i = 0; i < images.bytes.size(); ++i) {
    images.bytes[i] = static_cast<std::uint8_t>(i);
  }
  return images;
}

bool fits(const ImageSet& images, const std::vector<int>& input) {
  return input_error_of([&] { check_fits(images, "d", input, "m"); }) == "nothing was thrown";
}

TEST(CheckFits, AcceptsTheSameElementsInTheSameOrder) {
  const ImageSet mnist = images_of(28, 28, 1, 1);
  EXPECT_TRUE(fits(mnist, {28, 28, 1}));
  EXPECT_TRUE(fits(mnist, {28, 28}));
  EXPECT_TRUE(fits(mnist, {1, 28, 28}));
  EXPECT_TRUE(fits(mnist, {784}));
  EXPECT_TRUE(fits(images_of(1, 1, 784, 1), {28, 28, 1}));
}

TEST(CheckFits, RejectsOtherSizesAndOrders) {
  const ImageSet cifar = images_of(32, 32, 3, 1);
  EXPECT_TRUE(fits(cifar, {32, 32, 3}));
  EXPECT_FALSE(fits(cifar, {3, 32, 32}));
  EXPECT_FALSE(fits(cifar, {28, 28, 1}));
  EXPECT_FALSE(fits(cifar, {64, 16, 3}));
  EXPECT_FALSE(fits(cifar, {}));
  EXPECT_FALSE(fits(cifar, {-1, 32, 3}));
}

TEST(CheckFits, NamesBothFilesAndShapes) {
  const std::vector<int> input = {28, 28, 1};
  EXPECT_EQ(
      input_error_of([&] { check_fits(images_of(32, 32, 3, 1), "cifar", input, "lenet.h5"); }),
      "cifar: image shape: found 32x32x3, expected 28x28x1 as the input of lenet.h5");
}

TEST(FirstImages, AreAPrefix) {
  const ImageSet images = images_of(2, 2, 1, 5);
  const ImageSet first = first_images(images, 3, "d");
  EXPECT_EQ(first.size(), 3u);
  EXPECT_TRUE(std::equal(first.bytes.begin(), first.bytes.end(), images.bytes.begin()));
  EXPECT_EQ(first.bytes.size(), 12u);
  EXPECT_EQ(content_key(first_images(images, 5, "d")), content_key(images));
}

TEST(FirstImages, NamesHowManyThereAre) {
  EXPECT_INPUT_ERROR(first_images(images_of(2, 2, 1, 5), 6, "few.npz"),
                     "few.npz: images: found 5, expected at least the 6 asked for");
}

TEST(CheckLabels, NamesTheFirstLabelOutOfRange) {
  ImageSet images = images_of(1, 1, 1, 3);
  images.labels = {0, 9, 10};
  EXPECT_INPUT_ERROR(check_labels(images, 10, "d"), "d: label of image 2: found 10, expected 0..9");
  EXPECT_NO_THROW(check_labels(images, 11, "d"));
}

TEST(ContentKey, ChangesWithShapePixelsAndLabels) {
  const ImageSet images = images_of(2, 3, 1, 4);
  ImageSet turned = images, pixel = images, label = images;
  std::swap(turned.height, turned.width);
  pixel.bytes[5] ^= 1;
  label.labels[3] = 1;
  for (const ImageSet& other : {turned, pixel, label, first_images(images, 3, "d")}) {
    EXPECT_NE(content_key(other), content_key(images));
  }
}

}  // namespace
}  // namespace deepaxe::dataset
