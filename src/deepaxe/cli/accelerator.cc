#include "deepaxe/cli/accelerator.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/tool.h"

namespace deepaxe::cli {
namespace {

constexpr double kSeconds = 3600;  // For a compilation or a run of the test bench.

const std::string kAdvice = "a smaller network, or --multiplier-form table";

void run_make(const std::vector<std::string>& command) { run_tool(command, kSeconds, kAdvice); }

std::vector<std::string> found_compilers() {
  std::vector<std::string> compilers;
  if (has_tool("g++")) compilers.emplace_back("g++");
  for (const char* clang : {"clang++", "clang++-16"}) {
    if (!has_tool(clang)) continue;
    compilers.emplace_back(clang);
    break;
  }
  return compilers;
}

// All images through the fast test bench; the files lie in the folder's `build`.
void stream_images(const AcceleratorParams& params, std::span<const std::int8_t> images,
                   std::span<const std::int8_t> logits) {
  const std::filesystem::path build = params.folder / "build";
  const std::filesystem::path image_file = build / "images.bin";
  const std::filesystem::path logits_file = build / "logits.bin";
  base::write_file_atomically(image_file, std::as_bytes(images));
  run_tool({(build / "testbench_fast").string(), image_file.string(), logits_file.string()},
           kSeconds, kAdvice);
  const std::vector<std::byte> answer = base::read_file(logits_file);
  std::filesystem::remove(image_file);
  std::filesystem::remove(logits_file);
  const std::span<const std::byte> expected = std::as_bytes(logits);
  if (!std::equal(answer.begin(), answer.end(), expected.begin(), expected.end())) {
    throw std::logic_error("the generated C++ differs from the engine over the whole data set");
  }
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

void write_accelerator(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                       std::span<const std::int8_t> images, std::span<const std::int8_t> logits,
                       const AcceleratorParams& params) {
  hw::hls::HlsParams hls;
  hls.form = params.form;
  hls.exact_as_operator = params.exact_as_operator;
  hw::design::write_folder(params.folder,
                           hw::hls::generate_hls(engine.model(), multipliers_of(assignment),
                                                 make_test_vectors(engine, images, logits), hls));
}

AcceleratorCheck verify_accelerator(const AcceleratorParams& params,
                                    std::span<const std::int8_t> images,
                                    std::span<const int> labels,
                                    std::span<const std::int8_t> logits, bool stream_all) {
  AcceleratorCheck check;
  const std::vector<std::string> compilers = found_compilers();
  if (compilers.empty() || !has_tool("make")) {
    throw base::InputError({"--verify", "", "no compiler or no make", "g++ or clang++, and make"});
  }
  const std::string folder = params.folder.string();
  for (const std::string& compiler : compilers) {
    run_make({"make", "-s", "-C", folder, "clean"});
    run_make({"make", "-s", "-C", folder, "CXX=" + compiler, "test"});
    check.compilers.push_back(compiler);
  }
  check.images = static_cast<std::int64_t>(std::min(kNumVectors, labels.size()));
  if (!stream_all) return check;
  run_make({"make", "-s", "-C", folder, "CXX=" + compilers.front(), "fast"});
  stream_images(params, images, logits);
  const std::size_t classes = logits.size() / labels.size();
  check.streamed_images = static_cast<std::int64_t>(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    check.streamed_correct += engine::argmax(logits.subspan(i * classes, classes)) == labels[i];
  }
  return check;
}

}  // namespace deepaxe::cli
