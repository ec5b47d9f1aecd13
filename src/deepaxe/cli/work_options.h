// Work options: those that name a model, its images, and how a float network is quantized.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "deepaxe/calibrate/quantizer.h"

namespace deepaxe::cli {

/// How a float network becomes an int8 one.
struct QuantizationArguments {
  std::string images;           ///< That set the ranges, as `data`; empty: its training part.
  std::int64_t num_images = 0;  ///< 0: 500, or all where there are fewer.
  calibrate::QuantizeParams params;
  std::string given;  ///< The first of its options on the command line; empty: none.
};

/// The options that name a model and its data.
struct WorkArguments {
  std::string model;
  std::string config;  ///< JSON for weights-only files.
  std::string data;    ///< As dataset::load.
  std::string input = "unit";
  std::int64_t images = 0;  ///< 0: all.
  QuantizationArguments quantization;
};

/// MODEL and --config.
void add_model_options(CLI::App& command, WorkArguments& arguments);
/// --data, --input, --images, and add_quantization_options.
void add_data_options(CLI::App& command, WorkArguments& arguments);
/// --calibration, --percentile, --calibration-images, --activations, --weights, --bias-correction,
/// --rounding.
void add_quantization_options(CLI::App& command, QuantizationArguments& arguments);

}  // namespace deepaxe::cli
