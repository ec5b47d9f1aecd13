#include "deepaxe/cli/accelerator.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/tool.h"

namespace deepaxe::cli {
namespace {

constexpr std::size_t kNumTraced = 20;  // Images whose every layer is compared.

const std::string kAdvice = "more --verify-seconds, a smaller network, or --multiplier-form table";

void run_make(const std::vector<std::string>& command, double seconds) {
  base::run_tool(command, seconds, kAdvice);
}

std::vector<std::string> found_compilers() {
  std::vector<std::string> compilers;
  if (base::has_tool("g++")) compilers.emplace_back("g++");
  for (const char* clang : {"clang++", "clang++-16"}) {
    if (!base::has_tool(clang)) continue;
    compilers.emplace_back(clang);
    break;
  }
  return compilers;
}

// The answer of a test bench of the folder's `build` to the images.
std::vector<std::byte> run_bench(const AcceleratorParams& params, const char* bench,
                                 std::span<const std::int8_t> images) {
  const std::filesystem::path build = params.folder / "build";
  const std::filesystem::path image_file = build / "images.bin";
  const std::filesystem::path answer_file = build / "answer.bin";
  base::write_file_atomically(image_file, std::as_bytes(images));
  base::run_tool({(build / bench).string(), image_file.string(), answer_file.string()},
                 params.verify_seconds, kAdvice);
  std::vector<std::byte> answer = base::read_file(answer_file);
  std::filesystem::remove(image_file);
  std::filesystem::remove(answer_file);
  return answer;
}

void stream_images(const AcceleratorParams& params, std::span<const std::int8_t> images,
                   std::span<const std::int8_t> logits) {
  const std::vector<std::byte> answer = run_bench(params, "testbench_fast", images);
  if (!std::ranges::equal(answer, std::as_bytes(logits))) {
    throw std::logic_error("the generated C++ differs from the engine over the whole data set");
  }
}

// The codes of all layers of the first images; returns how many.
std::int64_t compare_layers(const Design& design, const AcceleratorParams& params) {
  const std::size_t input_size = design.engine.node_size(0);
  const std::size_t count = std::min(kNumTraced, design.images.size() / input_size);
  const auto images = design.images.first(count * input_size);
  const std::vector<std::byte> answer = run_bench(params, "testbench_trace", images);
  const auto tensors = design.engine.run_all(design.assignment, static_cast<int>(count), images);
  std::vector<std::int8_t> expected;
  for (std::size_t n = 0; n < count; ++n) {
    for (const int node : hw::hls::traced_nodes(design.engine.model(), params.hls.profile)) {
      const std::size_t size = design.engine.node_size(node);
      const auto tensor =
          std::span(tensors[static_cast<std::size_t>(node)]).subspan(n * size, size);
      expected.insert(expected.end(), tensor.begin(), tensor.end());
    }
  }
  if (!std::ranges::equal(answer, std::as_bytes(std::span(expected)))) {
    throw std::logic_error("a layer of the generated C++ differs from the engine");
  }
  return static_cast<std::int64_t>(count);
}

}  // namespace

hw::design::TestVectors make_test_vectors(const engine::Int8Engine& engine,
                                          std::span<const std::int8_t> images,
                                          std::span<const std::int8_t> logits) {
  const std::size_t input_size = engine.node_size(0);
  const auto classes = static_cast<std::size_t>(engine.num_classes());
  const std::size_t count = std::min(kNumVectors, images.size() / input_size);
  const auto first_images = images.first(count * input_size);
  const auto first_logits = logits.first(count * classes);
  return {.images = {first_images.begin(), first_images.end()},
          .logits = {first_logits.begin(), first_logits.end()},
          .count = static_cast<int>(count)};
}

std::vector<const arith::NamedMultiplier*> multipliers_of(const engine::Assignment& assignment) {
  std::vector<const arith::NamedMultiplier*> multipliers;
  multipliers.reserve(assignment.multipliers.size());
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    multipliers.push_back(multiplier.get());
  }
  return multipliers;
}

void write_accelerator(const Design& design, const AcceleratorParams& params) {
  const hw::design::TestVectors vectors =
      make_test_vectors(design.engine, design.images, design.logits);
  hw::design::write_folder(
      params.folder, hw::hls::generate_hls(design.engine.model(), multipliers_of(design.assignment),
                                           vectors, params.hls));
}

AcceleratorCheck verify_accelerator(const Design& design, const AcceleratorParams& params,
                                    bool stream_all) {
  AcceleratorCheck check;
  const std::vector<std::string> compilers = found_compilers();
  if (compilers.empty() || !base::has_tool("make")) {
    throw base::InputError({"--verify", "", "no compiler or no make", "g++ or clang++, and make"});
  }
  const std::string folder = params.folder.string();
  for (const std::string& compiler : compilers) {
    run_make({"make", "-s", "-C", folder, "clean"}, params.verify_seconds);
    run_make({"make", "-s", "-C", folder, "CXX=" + compiler, "test"}, params.verify_seconds);
    check.compilers.push_back(compiler);
  }
  check.images = static_cast<std::int64_t>(std::min(kNumVectors, design.labels.size()));
  run_make({"make", "-s", "-C", folder, "CXX=" + compilers.front(), "trace"},
           params.verify_seconds);
  check.traced_images = compare_layers(design, params);
  if (!stream_all) return check;
  run_make({"make", "-s", "-C", folder, "CXX=" + compilers.front(), "fast"}, params.verify_seconds);
  stream_images(params, design.images, design.logits);
  const std::size_t classes = design.logits.size() / design.labels.size();
  check.streamed_images = static_cast<std::int64_t>(design.labels.size());
  for (std::size_t i = 0; i < design.labels.size(); ++i) {
    check.streamed_correct +=
        engine::argmax(design.logits.subspan(i * classes, classes)) == design.labels[i];
  }
  return check;
}

}  // namespace deepaxe::cli
