// Options of the HLS target of generate.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "deepaxe/hw/hls/hls.h"

namespace deepaxe::cli {

struct HlsArguments {
  std::string form = "gates";
  bool exact_as_gates = false;
  std::string profile = "deepaxe";
  std::string loop_order = "pixel";
  std::string pipeline = "inner";
  int unroll = 1;
  std::string device = hw::hls::HlsParams().part;
};

/// --multiplier-form, --exact-as-gates, --profile, --loop-order, --pipeline, --unroll, --device.
void add_hls_options(CLI::App& command, HlsArguments& arguments);

/// Parallel outputs are left to the caller; --profile deephls has no options of loops.
hw::hls::HlsParams to_params(const HlsArguments& arguments, double clock_mhz);

}  // namespace deepaxe::cli
