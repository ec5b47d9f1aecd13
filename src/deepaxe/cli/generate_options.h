// The options of generate, and which of them its target or another option leaves without effect.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "deepaxe/cli/hls_options.h"
#include "deepaxe/cli/study_point.h"
#include "deepaxe/cli/work_options.h"

namespace deepaxe::cli {

struct GenerateArguments {
  WorkArguments work;
  std::string assignment = "exact";
  std::string target = "hls";
  std::string folder;
  HlsArguments hls;
  std::string outputs = "1";
  std::string baseline = "gate";
  std::string memory = "block";
  std::string study;
  std::string point;
  double clock_mhz = 100;
  std::string part;
  std::string weight_memory = "rom";
  std::string schedule = "sequential";
  double verify_seconds = 3600;
  bool verify = false;
  bool verify_all = false;
};

void add_generate_options(CLI::App& command, GenerateArguments& arguments);

/// Throws base::InputError for an option that could change nothing.
void refuse_idle_options(const CLI::App& command, const GenerateArguments& arguments);

/// Throws base::InputError for a point of a study that HLS sources cannot be: one of a pipeline, of
/// memories in LUTs, or of weights from outside.
void require_hls_point(const StudyPoint& point);

}  // namespace deepaxe::cli
