// Tensors of LiteRT's reference kernels, recorded by compare_with_litert.py (README.md says how).
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "case_files.h"
#include "deepaxe/dataset/npz.h"
#include "kernel_check.h"

namespace deepaxe::conformance {
namespace {

const std::filesystem::path kFile =
    std::filesystem::path(DEEPAXE_SOURCE_DIR) / "tests/conformance/recorded/litert_2.3.0.npz";

base::NpyArray member(const std::string& name) { return dataset::read_npz(kFile, {name}).at(name); }

std::vector<std::int8_t> codes_in(const base::NpyArray& array) {
  std::vector<std::int8_t> codes(array.bytes.size());
  std::memcpy(codes.data(), array.bytes.data(), codes.size());
  return codes;
}

struct Recorded {
  FileCase file;
  std::vector<std::int8_t> tensors;  // [images, columns]
  std::vector<double> layout;        // [tensors, 3]: tensor, first column, number of columns.
};

Recorded read_case(int number) {
  const std::string name = std::to_string(number);
  return {.file = {.name = name,
                   .tflite = member(name + ".tflite").bytes,
                   .images = codes_in(member(name + ".codes"))},
          .tensors = codes_in(member(name + ".tensors")),
          .layout = member(name + ".layout").as_doubles()};
}

// The recorded tensor as our engine lays it out: [images, size].
std::vector<std::int8_t> columns_of(const Recorded& recorded, std::size_t entry, int num_images) {
  const auto first = static_cast<std::size_t>(recorded.layout.at(3 * entry + 1));
  const auto size = static_cast<std::size_t>(recorded.layout.at(3 * entry + 2));
  const std::size_t row = recorded.tensors.size() / static_cast<std::size_t>(num_images);
  std::vector<std::int8_t> values;
  values.reserve(size * static_cast<std::size_t>(num_images));
  for (std::size_t image = 0; image < static_cast<std::size_t>(num_images); ++image) {
    const auto begin = recorded.tensors.begin() + static_cast<std::ptrdiff_t>(image * row + first);
    values.insert(values.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  return values;
}

void expect_every_tensor(const Recorded& recorded, const RunCase& run) {
  const std::size_t num_tensors = recorded.layout.size() / 3;
  std::size_t num_compared = 0;
  for (std::size_t node = 0; node < run.tensors.size(); ++node) {
    for (std::size_t entry = 0; entry < num_tensors; ++entry) {
      if (run.tensor_of_node[node] != static_cast<int>(recorded.layout[3 * entry])) continue;
      EXPECT_EQ(run.tensors[node], columns_of(recorded, entry, run.num_images))
          << "case " << recorded.file.name << ", layer " << run.model.nodes[node].name;
      ++num_compared;
    }
  }
  EXPECT_EQ(num_compared, num_tensors) << "case " << recorded.file.name;
}

TEST(Recorded, EveryTensorOfLiteRTIsReproducedByEveryKernel) {
  const int num_cases = static_cast<int>(member("num_cases").as_doubles().front());
  ASSERT_GT(num_cases, 0);
  for (int number = 0; number < num_cases; ++number) {
    const Recorded recorded = read_case(number);
    const RunCase run = run_case(recorded.file);
    expect_every_tensor(recorded, run);
    EXPECT_EQ(find_difference(run.model, recorded.file.images, run.tensors), "");
  }
}

}  // namespace
}  // namespace deepaxe::conformance
