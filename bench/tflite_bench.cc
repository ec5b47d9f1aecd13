// Reading a .tflite of 100 MB.
// Goal: under 2 s. (Memory: `/usr/bin/env time -v deepaxe inspect` of such a file.) Why this input:
// one dense layer of 10,000 x 10,000 weights is all copying and checking, and larger than any
// cache.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe {
namespace {

model::Int8Model large_model() {
  constexpr int kSize = 10'000;
  model::Int8Model model{.name = "large", .nodes = {}, .output = 1};
  model::Int8Node input;
  input.name = "input";
  input.op = model::Input{};
  input.shape = {kSize};
  input.quant = {.scale = 1.0F / 255, .zero_point = -128};
  model::Int8Node dense;
  dense.name = "dense";
  dense.op = model::Dense{};
  dense.inputs = {0};
  dense.shape = {kSize};
  dense.quant = {.scale = 1, .zero_point = 0};
  dense.weights.assign(std::size_t{kSize} * kSize, 3);
  dense.weight_scales = {0.01F};
  dense.bias.assign(kSize, 7);
  model.nodes = {std::move(input), std::move(dense)};
  return model;
}

std::filesystem::path write_large_file() {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "deepaxe_large.tflite";
  const std::vector<std::byte> bytes = frontend::tflite::format_tflite(large_model());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return path;
}

void read_large_file(benchmark::State& state) {
  const std::filesystem::path path = write_large_file();
  for (auto _ : state) {
    benchmark::DoNotOptimize(frontend::tflite::read_tflite(path));
  }
  state.counters["file_bytes"] = static_cast<double>(std::filesystem::file_size(path));
  if (std::getenv("DEEPAXE_KEEP_LARGE_FILE") == nullptr) std::filesystem::remove(path);
}
BENCHMARK(read_large_file)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace deepaxe
