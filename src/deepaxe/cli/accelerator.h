// Accelerator: writes the HLS C++ of a design point and runs its test bench.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/hw/hls/hls.h"

namespace deepaxe::cli {

/// Images that go into the generated folder with their logits, where there are so many.
inline constexpr std::size_t kNumVectors = 200;

/// The first images in codes with the engine's logits. images [n, input size], logits [n, classes].
hw::design::TestVectors make_test_vectors(const engine::Int8Engine& engine,
                                          std::span<const std::int8_t> images,
                                          std::span<const std::int8_t> logits);

/// By computing layer.
std::vector<const arith::NamedMultiplier*> multipliers_of(const engine::Assignment& assignment);

struct AcceleratorParams {
  std::filesystem::path folder;
  hw::hls::HlsParams hls = {};
  double verify_seconds = 3600;  ///< For a compilation or a run of the test bench.
};

/// A design point with the images that judge it.
struct Design {
  const engine::Int8Engine& engine;
  const engine::Assignment& assignment;
  std::span<const std::int8_t> images;  ///< Codes, [n, input size].
  std::span<const int> labels;          ///< [n]
  std::span<const std::int8_t> logits;  ///< The engine's, [n, classes].
};

/// The HLS C++. Throws base::InputError as hw::design::write_folder.
void write_accelerator(const Design& design, const AcceleratorParams& params);

struct AcceleratorCheck {
  std::vector<std::string> compilers;  ///< With which the test bench passed.
  std::int64_t images = 0;             ///< Compared by the test bench.
  std::int64_t traced_images = 0;      ///< Of which every layer's codes were compared.
  std::int64_t streamed_images = 0;    ///< Of `stream_all`.
  std::int64_t streamed_correct = 0;
};

/// Compiles the folder with each compiler found and runs its test bench; compares every layer of
/// some images; with `stream_all`, also sends every image through it. Throws base::InputError if no
/// compiler or make is found, and std::logic_error if any code differs.
AcceleratorCheck verify_accelerator(const Design& design, const AcceleratorParams& params,
                                    bool stream_all);

}  // namespace deepaxe::cli
