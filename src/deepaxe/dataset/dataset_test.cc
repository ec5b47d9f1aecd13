#include "deepaxe/dataset/dataset.h"

#include "deepaxe/dataset/digits.h"
#include "deepaxe/dataset/npz.h"
#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

using Load = TestFolder;

TEST_F(Load, MakesTheBuiltInDigits) {
  const Dataset dataset = load("digits", {.with_train = true, .digits_train_images = 50});
  EXPECT_EQ(dataset.name, "digits");
  EXPECT_EQ(dataset.source, "digits:1");
  EXPECT_EQ(dataset.test.size(), kDigitsTestImages);
  EXPECT_EQ(dataset.train.size(), 50u);
  EXPECT_EQ(dataset.num_classes, 10);
  EXPECT_EQ(content_key(load("digits:1").test), content_key(dataset.test));
  EXPECT_NE(content_key(load("digits:2").test), content_key(dataset.test));
}

TEST_F(Load, RejectsASeedThatIsNoNumber) {
  for (const std::string spec :
       {"digits:", "digits:x", "digits:1x", "digits:-1", "digits:99999999999999999999"}) {
    EXPECT_INPUT_ERROR(load(spec), "seed of digits");
  }
}

TEST_F(Load, PrefersAFileToABuiltInName) {
  const auto previous = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  write("digits", "not a data set");
  const std::string message = input_error_of([] { load("digits"); });
  std::filesystem::current_path(previous);
  EXPECT_NE(message.find("digits: size"), std::string::npos) << message;
}

TEST_F(Load, TakesTheNameFromTheFile) {
  Dataset dataset;
  dataset.test = make_digits(1, DigitsSplit::kTest, 10, 1);
  write_npz(dataset, folder_ / "mine.npz");
  const Dataset loaded = load((folder_ / "mine.npz").string());
  EXPECT_EQ(loaded.name, "mine");
  EXPECT_EQ(loaded.source, (folder_ / "mine.npz").string());
}

TEST_F(Load, NamesWhatIsMissing) {
  EXPECT_INPUT_ERROR(load((folder_ / "absent").string()), "no such file or folder");
  EXPECT_INPUT_ERROR(load(folder_.string()), "no known data set");
  EXPECT_INPUT_ERROR(load("mnist", {.cache = folder_}), "what `deepaxe data get mnist` puts there");
}

TEST_F(Load, AnIdxFileIsAnsweredWithItsFolder) {
  write("t10k-images-idx3-ubyte.gz", "anything");
  EXPECT_INPUT_ERROR(
      load((folder_ / "t10k-images-idx3-ubyte.gz").string()),
      "found one IDX file, expected the folder of the images and the labels: --data " +
          folder_.string());
}

TEST_F(Load, FindsWhatDataGetHasKept) {
  const auto mnist = shared_dataset("mnist");
  if (!std::filesystem::exists(mnist)) GTEST_SKIP() << "no " << mnist;
  std::filesystem::create_directory_symlink(std::filesystem::canonical(mnist), folder_ / "mnist");
  const Dataset dataset = load("mnist", {.cache = folder_});
  EXPECT_EQ(dataset.name, "mnist");
  EXPECT_EQ(dataset.test.size(), 10'000u);
}

}  // namespace
}  // namespace deepaxe::dataset
