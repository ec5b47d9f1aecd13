#include "generated_hls.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <span>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "random_networks.h"

namespace deepaxe::hw::hls {
namespace {

constexpr double kSeconds = 300;

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

GeneratedHls::GeneratedHls(const model::Int8Model& model, const std::string& assignment,
                           const HlsParams& params)
    : engine_(model),
      assignment_(engine::parse_assignment(assignment, model)),
      profile_(params.profile),
      images_(random_codes(kNumImages * engine_.node_size(0))),
      folder_(std::filesystem::temp_directory_path() /
              ("deepaxe_hls_" + std::to_string(::getpid()))) {
  design::TestVectors vectors{.images = images_, .logits = {}, .count = kNumImages};
  vectors.logits = engine::evaluate(engine_, assignment_, images_, {}, 1).logits;
  std::vector<const arith::NamedMultiplier*> multipliers;
  multipliers.reserve(assignment_.multipliers.size());
  for (const auto& multiplier : assignment_.multipliers) multipliers.push_back(multiplier.get());
  files_ = generate_hls(engine_.model(), multipliers, vectors, params);
  design::write_folder(folder_, files_);
}

GeneratedHls::~GeneratedHls() { std::filesystem::remove_all(folder_); }

MakeResult GeneratedHls::make(const std::string& target, const std::string& compiler,
                              const std::string& flags) const {
  const auto result =
      base::run_program({"make", "-B", "-C", folder_.string(), target, "CXX=" + compiler,
                         "CXXFLAGS=-Wall -Wextra -Werror " + flags},
                        {.seconds = kSeconds});
  return {result.exit_code, text_of(result.output)};
}

void GeneratedHls::expect_every_layer(const std::string& compiler, const std::string& flags) const {
  SCOPED_TRACE(compiler + " " + flags);
  const MakeResult made = make("trace", compiler, flags);
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const std::filesystem::path images = folder_ / "build/images.bin",
                              codes = folder_ / "build/codes.bin";
  base::write_file_atomically(images, std::as_bytes(std::span(images_)));
  const auto run = base::run_program(
      {(folder_ / "build/testbench_trace").string(), images.string(), codes.string()},
      {.seconds = kSeconds});
  ASSERT_EQ(run.exit_code, 0) << text_of(run.output);
  const std::vector<std::byte> answer = base::read_file(codes);
  const auto expected = engine_.run_all(assignment_, kNumImages, images_);
  auto at = answer.begin();
  for (std::size_t n = 0; n < kNumImages; ++n) {
    for (const int node : traced_nodes(engine_.model(), profile_)) {
      const std::size_t size = engine_.node_size(node);
      ASSERT_GE(static_cast<std::size_t>(answer.end() - at), size);
      const auto tensor = std::as_bytes(std::span(expected[static_cast<std::size_t>(node)]));
      ASSERT_TRUE(std::equal(at, at + static_cast<std::ptrdiff_t>(size),
                             tensor.subspan(n * size, size).begin()))
          << "image " << n << ", layer "
          << engine_.model().nodes[static_cast<std::size_t>(node)].name;
      at += static_cast<std::ptrdiff_t>(size);
    }
  }
  EXPECT_EQ(at, answer.end());
}

bool has_program(const std::string& program) {
  return base::run_program({program, "--version"}, {}).exit_code == 0;
}

}  // namespace deepaxe::hw::hls
