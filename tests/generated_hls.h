// GeneratedHls: a design's HLS C++ in a folder of its own, compiled, and what it computed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/hw/hls/hls.h"

namespace deepaxe::hw::hls {

inline constexpr int kNumImages = 200;

struct MakeResult {
  int exit_code = 0;
  std::string output;
};

class GeneratedHls {
 public:
  /// 200 images of random codes.
  GeneratedHls(const model::Int8Model& model, const std::string& assignment,
               const HlsParams& params);
  GeneratedHls(const GeneratedHls&) = delete;
  GeneratedHls& operator=(const GeneratedHls&) = delete;
  ~GeneratedHls();

  const std::filesystem::path& folder() const { return folder_; }
  const design::SourceFiles& files() const { return files_; }

  /// `make TARGET CXX=... CXXFLAGS=...` with warnings as errors.
  MakeResult make(const std::string& target, const std::string& compiler,
                  const std::string& flags) const;

  /// Compiles and compares the codes of every layer of every image with the engine's; a difference
  /// is a failure of the test that names the layer.
  void expect_every_layer(const std::string& compiler, const std::string& flags) const;

 private:
  engine::Int8Engine engine_;
  engine::Assignment assignment_;
  Profile profile_;
  std::vector<std::int8_t> images_;
  std::filesystem::path folder_;
  design::SourceFiles files_;
};

/// `program --version` runs.
bool has_program(const std::string& program);

}  // namespace deepaxe::hw::hls
