#include "deepaxe/dataset/npz.h"

#include <zip.h>

#include <limits>

#include "deepaxe/dataset/digits.h"
#include "deepaxe/dataset/test_folder.h"

namespace deepaxe::dataset {
namespace {

using base::NpyArray;

template <typename T>
NpyArray array_of(const std::string& dtype, std::vector<std::size_t> shape,
                  const std::vector<T>& values) {
  NpyArray array{.dtype = dtype, .shape = std::move(shape), .bytes = {}};
  const auto bytes = std::as_bytes(std::span(values));
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

NpyArray pixels(std::vector<std::size_t> shape) {
  std::size_t count = 1;
  for (const std::size_t dimension : shape) count *= dimension;
  return array_of<std::uint8_t>("u1", std::move(shape), std::vector<std::uint8_t>(count, 9));
}

NpyArray labels(const std::vector<std::int64_t>& values) {
  return array_of<std::int64_t>("i8", {values.size()}, values);
}

class Npz : public TestFolder {
 protected:
  // As numpy.savez_compressed writes it.
  std::filesystem::path archive(const std::vector<std::pair<std::string, NpyArray>>& members) {
    std::filesystem::path path = folder_ / "made.npz";
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    std::vector<std::vector<std::byte>> files;
    files.reserve(members.size());
    for (const auto& [name, array] : members) files.push_back(base::format_npy(array));
    for (std::size_t i = 0; i < files.size(); ++i) {
      zip_source_t* source = zip_source_buffer(zip, files[i].data(), files[i].size(), 0);
      zip_file_add(zip, (members[i].first + ".npy").c_str(), source, 0);
    }
    EXPECT_EQ(zip_close(zip), 0);
    return path;
  }
};

TEST_F(Npz, ReadsWhatItWrites) {
  Dataset dataset;
  dataset.test = make_digits(3, DigitsSplit::kTest, 20, 1);
  dataset.train = make_digits(3, DigitsSplit::kTrain, 30, 1);
  write_npz(dataset, folder_ / "a.npz");
  write_npz(dataset, folder_ / "b.npz");
  EXPECT_EQ(base::read_file(folder_ / "a.npz"), base::read_file(folder_ / "b.npz"));
  const Dataset read = load_npz(folder_ / "a.npz", true);
  EXPECT_EQ(content_key(read.test), content_key(dataset.test));
  EXPECT_EQ(content_key(read.train), content_key(dataset.train));
  EXPECT_EQ(read.num_classes, 10);
  EXPECT_TRUE(load_npz(folder_ / "a.npz", false).train.empty());
}

TEST_F(Npz, TakesImagesOfTwoToFourDimensions) {
  const std::vector<std::pair<std::vector<std::size_t>, std::string>> cases = {
      {{2, 6}, "1x1x6"}, {{2, 2, 3}, "2x3x1"}, {{2, 4, 5, 3}, "4x5x3"}};
  for (const auto& [shape, expected] : cases) {
    const auto file = archive({{"x", pixels(shape)}, {"y", labels({0, 1})}});
    EXPECT_EQ(load_npz(file, true).test.shape_text(), expected);
  }
}

TEST_F(Npz, RecognisesFloatsInTheUnitInterval) {
  const auto file_with = [&](float last) {
    return archive({{"x", array_of<float>("f4", {1, 3}, {0, 0.5F, last})}, {"y", labels({0})}});
  };
  EXPECT_TRUE(load_npz(file_with(1.0F), false).test.values_are_unit);
  EXPECT_FALSE(load_npz(file_with(255.0F), false).test.values_are_unit);
  EXPECT_FALSE(load_npz(file_with(-0.1F), false).test.values_are_unit);
}

TEST_F(Npz, TakesOneHotAndColumnLabels) {
  const NpyArray one_hot = array_of<float>("f4", {2, 3}, {0, 0, 1, 1, 0, 0});
  const Dataset dataset = load_npz(archive({{"x", pixels({2, 4})}, {"y", one_hot}}), false);
  EXPECT_EQ(dataset.test.labels, (std::vector<int>{2, 0}));
  EXPECT_EQ(dataset.num_classes, 3);
  const NpyArray column =
      array_of<std::int64_t>("i8", {2, 1}, {5, 3});  // As keras.datasets has them.
  EXPECT_EQ(load_npz(archive({{"x", pixels({2, 4})}, {"y", column}}), false).test.labels,
            (std::vector<int>{5, 3}));
}

TEST_F(Npz, PrefersTheTestPartAndIgnoresOtherArrays) {
  const NpyArray strange = array_of<std::int64_t>("i8", {}, {1});
  const auto file = archive({{"x", pixels({3, 4})},
                             {"y", labels({0, 0, 0})},
                             {"x_test", pixels({1, 4})},
                             {"y_test", labels({1})},
                             {"notes", strange}});
  EXPECT_EQ(load_npz(file, true).test.labels, std::vector<int>{1});
}

TEST_F(Npz, RejectsInconsistentArrays) {
  const auto message = [&](const NpyArray& x, const NpyArray& y) {
    return input_error_of([&] { load_npz(archive({{"x_test", x}, {"y_test", y}}), true); });
  };
  const std::string file = (folder_ / "made.npz").string();
  EXPECT_EQ(message(pixels({2, 4}), labels({0})),
            file + ": y_test: found 1 labels, expected 2 as there are images in x_test");
  EXPECT_NE(message(pixels({1, 4}), labels({-1})).find("y_test, image 0"), std::string::npos);
  EXPECT_NE(message(pixels({1, 4}), labels({70'000})).find("0..65535"), std::string::npos);
  EXPECT_NE(message(pixels({0, 4}), labels({})).find("shape [0,4]"), std::string::npos);
  EXPECT_NE(message(pixels({4}), labels({0})).find("shape [4]"), std::string::npos);
  EXPECT_NE(message(pixels({1, 4}), array_of<float>("f4", {1}, {0.5F})).find("label 0.5"),
            std::string::npos);
  EXPECT_NE(message(pixels({1, 4}), array_of<float>("f4", {1, 2}, {1, 1})).find("not one-hot"),
            std::string::npos);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(message(array_of<double>("f8", {1, 1}, {1e300}), labels({0})).find("finite"),
            std::string::npos);
  EXPECT_NE(message(array_of<float>("f4", {1, 1}, {nan}), labels({0})).find("finite"),
            std::string::npos);
  EXPECT_NE(message(array_of<std::int16_t>("i2", {1, 1}, {256}), labels({0})).find("0..255"),
            std::string::npos);
}

TEST_F(Npz, NamesMissingArrays) {
  EXPECT_INPUT_ERROR(load_npz(archive({{"a", pixels({1, 4})}}), false),
                     "expected x_test and y_test, or x and y");
  EXPECT_INPUT_ERROR(load_npz(archive({{"x_test", pixels({1, 4})}}), false),
                     "found x_test without y_test");
  const auto file = archive({{"x_test", pixels({1, 4})},
                             {"y_test", labels({0})},
                             {"x_train", pixels({1, 5})},
                             {"y_train", labels({0})}});
  EXPECT_INPUT_ERROR(load_npz(file, true), "images of 1x1x5, expected 1x1x4");
}

TEST_F(Npz, RejectsDamagedArchives) {
  EXPECT_INPUT_ERROR(load_npz(write("text.npz", "no archive"), false), "no readable zip archive");
  const auto whole = base::read_file(archive({{"x", pixels({1, 400})}, {"y", labels({0})}}));
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    const auto cut = write("cut.npz", std::span(whole).first(length));
    EXPECT_THROW(load_npz(cut, false), base::InputError) << length;
  }
  auto flipped = whole;
  flipped[60] ^= std::byte{0x55};  // Inside the compressed first member: its checksum fails.
  EXPECT_THROW(load_npz(write("flipped.npz", flipped), false), base::InputError);
}

TEST_F(Npz, DoesNotReplaceAFileThatCannotBeWritten) {
  Dataset dataset;
  dataset.test = make_digits(3, DigitsSplit::kTest, 1, 1);
  const auto file = write("file", "text");
  EXPECT_THROW(write_npz(dataset, file / "below.npz"), base::InputError);
}

}  // namespace
}  // namespace deepaxe::dataset
