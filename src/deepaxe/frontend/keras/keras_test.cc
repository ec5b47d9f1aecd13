#include "deepaxe/frontend/keras/keras.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::frontend::keras {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = fs::path(DEEPAXE_SOURCE_DIR) / "tests/keras_fixtures";

// A file of its own for each test, removed at the end.
class LoadKeras : public testing::Test {
 protected:
  ~LoadKeras() override { fs::remove(path_); }

  const fs::path& write(std::span<const std::byte> bytes) {
    std::ofstream out(path_, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    return path_;
  }
  const fs::path& write(std::string_view text) { return write(std::as_bytes(std::span(text))); }

  static std::string refusal(const fs::path& file, const KerasOptions& options = {}) {
    try {
      (void)load_keras(file, options);
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "accepted";
  }

  fs::path path_ =
      fs::temp_directory_path() / ("deepaxe_keras_test_" + std::to_string(::getpid()) + ".h5");
};

void expect_line(const std::string& text, std::initializer_list<std::string> words) {
  for (const std::string& word : words) {
    EXPECT_NE(text.find(word), std::string::npos) << word << " in: " << text;
  }
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

TEST_F(LoadKeras, ContentDecidesNotTheName) {
  const auto bytes = base::read_file(kFixtures / "separable.keras");  // The name says .h5.
  EXPECT_EQ(load_keras(write(bytes)).nodes.size(),
            load_keras(kFixtures / "separable.keras").nodes.size());
}

TEST_F(LoadKeras, RefusesOtherFilesByWhatTheyAre) {
  expect_line(refusal(write("")), {path_.string(), "empty file", ".keras"});
  expect_line(refusal(write("hello\nworld\n")), {"text file", ".keras"});
  expect_line(refusal(write(std::string("\x1c\0\0\0TFL3....", 12))), {".tflite"});
  expect_line(refusal(write("[1, 2]")), {"text file"});
  expect_line(refusal(write("{\"a\": 1}")), {"no class_name"});
  expect_line(refusal(path_.string() + ".missing"), {".missing"});
}

TEST_F(LoadKeras, RefusesEveryTruncation) {
  for (const char* name : {"keras1_tf.h5", "nested.keras", "tf_keras_213.keras"}) {
    const auto bytes = base::read_file(kFixtures / name);
    for (std::size_t part = 1; part < 12; ++part) {
      const std::size_t size = bytes.size() * part / 12;
      EXPECT_NE(refusal(write(std::span(bytes).first(size))), "accepted") << name << ' ' << size;
    }
  }
}

// Damage that HDF5 does not notice may load as other numbers; it must never hang, crash or throw
// anything but InputError.
TEST_F(LoadKeras, SurvivesRandomDamage) {
  const base::CounterRng rng(2023);
  const auto original = base::read_file(kFixtures / "keras1_tf.h5");
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    auto bytes = original;
    for (std::uint64_t flip = 0; flip < 20; ++flip) {
      const std::uint64_t index = trial * 100 + flip;
      bytes[rng.below(bytes.size(), index)] = static_cast<std::byte>(rng.below(256, index, 1));
    }
    EXPECT_NO_THROW((void)refusal(write(bytes))) << "trial " << trial;
  }
}

TEST_F(LoadKeras, WeightsOnlyNeedsItsArchitecture) {
  const fs::path weights = kFixtures / "weights_only.weights.h5";
  expect_line(refusal(weights), {"weights only", "--config"});
  EXPECT_EQ(refusal(weights, {.config = kFixtures / "weights_only.json"}), "accepted");
  expect_line(refusal(kFixtures / "weights_only.json"), {"without weights", "--config"});
}

TEST_F(LoadKeras, NamesTheLayerWhoseWeightsDoNotFit) {
  const std::string json = R"({"class_name": "Sequential", "config": {"layers": [
      {"class_name": "Conv2D", "config": {"name": "first", "filters": 3, "kernel_size": [3, 3],
       "batch_input_shape": [null, 5, 5, 1]}}, {"class_name": "Flatten", "config": {}},
      {"class_name": "Dense", "config": {"name": "last", "units": 3}}]}})";
  expect_line(refusal(kFixtures / "weights_only.weights.h5", {.config = write(json)}),
              {"weights_only.weights.h5", "layer first", "3x3x1x2", "3x3x1x3"});
}

TEST_F(LoadKeras, RefusesAConfigThatIsNoModel) {
  const fs::path weights = kFixtures / "weights_only.weights.h5";
  expect_line(refusal(weights, {.config = write("not json")}), {path_.string(), "not JSON"});
  expect_line(refusal(weights, {.config = write("[]")}), {path_.string(), "the JSON of a model"});
}

// What reads the JSON calls itself for each level.
TEST_F(LoadKeras, RefusesAConfigNestedTooDeeply) {
  const fs::path weights = kFixtures / "weights_only.weights.h5";
  for (const char* open : {"[", "{\"a\":"}) {
    std::string text = R"({"class_name": "x\\", "config": )";
    for (int level = 0; level < 300'000; ++level) text += open;
    expect_line(refusal(weights, {.config = write(text)}), {path_.string(), "nested too deeply"});
  }
  const std::string quoted = R"({"class_name": ")" + std::string(1000, '[') + R"("})";
  EXPECT_EQ(refusal(weights, {.config = write(quoted)}).find("nested"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::frontend::keras
