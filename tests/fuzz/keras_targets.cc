// Keras files: the whole way through the child process, and in this process what runs on our side
// of it: the zip, the parser of the child's answer, the JSON configuration.
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "archives.h"
#include "deepaxe/base/assertion.h"
#include "deepaxe/base/file.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/frontend/keras/archive.h"
#include "deepaxe/frontend/keras/assemble.h"
#include "deepaxe/frontend/keras/hdf5_answer.h"
#include "deepaxe/frontend/keras/keras.h"
#include "memory_file.h"
#include "run_limits.h"
#include "target.h"

namespace deepaxe::fuzz {
namespace {

namespace fs = std::filesystem;
namespace keras = frontend::keras;

constexpr std::array kHdf5Fixtures = {
    "channels_first.h5",    "keras1_tf.h5", "keras1_th.h5",         "keras1_th_theano.h5",
    "keras2_functional.h5", "nested.h5",    "nested_sequential.h5", "shared.h5"};
constexpr std::array kZipFixtures = {
    "activations.keras", "batch_norm.keras",        "conv_groups_dilation.keras",
    "nested.keras",      "nested_sequential.keras", "rescaling_train_only.keras",
    "separable.keras",   "shaping.keras",           "shared.keras",
    "tf_keras_213.keras"};
constexpr const char* kWeightsOnly = "weights_only.weights.h5";
constexpr const char* kWeightsOnlyConfig = "weights_only.json";

Bytes fixture(const char* name) {
  return base::read_file(fs::path(DEEPAXE_SOURCE_DIR) / "tests/keras_fixtures" / name);
}

Bytes member(const Bytes& zip, const char* name) {
  const auto content = keras::read_zip_member(zip, name, "fixture");
  DEEPAXE_ASSERT(content.has_value());
  return *content;
}

// What the reader accepts is sound (assemble has called model::validate) and runs.
void run_model(const model::FloatModel& model) {
  if (!is_quick_to_run(model)) return;
  const std::vector<float> image(model::num_elements(model.input_shape()), 0.5F);
  (void)engine::run_float(model, image);
}

// One architecture with the weights that belong to it.
struct Example {
  Bytes config;
  keras::Hdf5Content content;
};

// Child processes read them: once, before any fuzzing.
const std::vector<Example>& examples() {
  static const std::vector<Example> made_once = [] {
    std::vector<Example> made;
    for (const char* name : kHdf5Fixtures) {
      keras::Hdf5Content content = keras::read_hdf5(fixture(name), name);
      made.push_back({to_bytes(content.text("", "model_config")), std::move(content)});
    }
    for (const char* name : kZipFixtures) {
      const Bytes zip = fixture(name);
      made.push_back(
          {member(zip, "config.json"), keras::read_hdf5(member(zip, "model.weights.h5"), name)});
    }
    made.push_back(
        {fixture(kWeightsOnlyConfig), keras::read_hdf5(fixture(kWeightsOnly), kWeightsOnly)});
    return made;
  }();
  return made_once;
}

// The first byte chooses the weights, the rest is the JSON of the architecture.
void run_keras_config(std::span<const std::byte> input) {
  const std::vector<Example>& known = examples();
  if (input.size() < 2) return;
  const Example& example = known[std::to_integer<std::size_t>(input[0]) % known.size()];
  accepts([&] {
    run_model(keras::load_content(example.content, as_text(input.subspan(1)), "net.h5"));
  });
}

std::vector<Bytes> keras_config_seeds() {
  std::vector<Bytes> seeds;
  for (std::size_t i = 0; i < examples().size(); ++i) {
    Bytes& seed = seeds.emplace_back(Bytes{static_cast<std::byte>(i)});
    seed.insert(seed.end(), examples()[i].config.begin(), examples()[i].config.end());
  }
  return seeds;
}

void run_hdf5_answer(std::span<const std::byte> input) {
  accepts([&] { run_model(keras::load_content(keras::unpack_answer(input, "net.h5"), "", "")); });
}

// Files with the architecture inside; that of a .keras is put there.
std::vector<Bytes> hdf5_answer_seeds() {
  std::vector<Bytes> seeds;
  for (const Example& example : examples()) {
    keras::Hdf5Content content = example.content;
    content.attributes[""]["model_config"] = {std::string(as_text(example.config))};
    seeds.push_back(keras::pack_answer(content));
  }
  return seeds;
}

void run_keras_archive(std::span<const std::byte> input) {
  for (const char* name : {"config.json", "model.weights.h5"}) {
    accepts([&] { (void)keras::read_zip_member(input, name, "net.keras"); });
  }
}

std::vector<Bytes> keras_archive_seeds() {
  std::vector<Bytes> seeds = {zip_of({{"config.json", to_bytes("{}")}}, false),
                              zip_of({{"config.json", Bytes(1000, std::byte{'x'})}}, true)};
  for (const char* name : {"separable.keras", "shaping.keras"}) seeds.push_back(fixture(name));
  return seeds;
}

void run_file(std::span<const std::byte> input) {
  const MemoryFile file(input);
  accepts([&] { run_model(keras::load_keras(file.path())); });
}

std::vector<Bytes> hdf5_file_seeds() {
  std::vector<Bytes> seeds;
  seeds.reserve(std::size(kHdf5Fixtures));
  for (const char* name : kHdf5Fixtures) seeds.push_back(fixture(name));
  return seeds;
}

// The input is the HDF5 inside a sound zip, where a changed byte would be found by its checksum.
void run_keras_file(std::span<const std::byte> input) {
  static const Bytes config = member(fixture("nested.keras"), "config.json");
  run_file(
      zip_of({{"config.json", config}, {"model.weights.h5", {input.begin(), input.end()}}}, false));
}

std::vector<Bytes> keras_file_seeds() {
  return {member(fixture("nested.keras"), "model.weights.h5")};
}

void run_weights_only_file(std::span<const std::byte> input) {
  static const Bytes config_file = fixture(kWeightsOnlyConfig);
  const MemoryFile file(input), config(config_file);
  accepts([&] { run_model(keras::load_keras(file.path(), {.config = config.path()})); });
}

std::vector<Bytes> weights_only_file_seeds() { return {fixture(kWeightsOnly)}; }

}  // namespace

const Target kHdf5Answer{"hdf5_answer", run_hdf5_answer, hdf5_answer_seeds};
const Target kKerasConfig{"keras_config", run_keras_config, keras_config_seeds};
const Target kKerasArchive{"keras_archive", run_keras_archive, keras_archive_seeds};
const Target kHdf5File{"hdf5_file", run_file, hdf5_file_seeds, 40};
const Target kKerasFile{"keras_file", run_keras_file, keras_file_seeds, 20};
const Target kWeightsOnlyFile{"weights_only_file", run_weights_only_file, weights_only_file_seeds,
                              20};

}  // namespace deepaxe::fuzz
