// Quantization: a float network made int8 as the options say.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/work_options.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

struct QuantizedNetwork {
  calibrate::Quantization quantization;
  std::vector<float> calibration_images;  ///< [n, input size], preprocessed.
  std::string calibration;  ///< "first 500 training images of mnist, percentile 99.9".
};

/// Reads the calibration images and quantizes. Throws base::InputError if the options name none.
QuantizedNetwork quantize_network(const model::FloatModel& network, const WorkArguments& arguments,
                                  const CommonOptions& common);

/// Throws base::InputError for the first option of quantization that was given: beside what was
/// `found` nothing is quantized. `expected` is where something is.
void refuse_quantization_options(const QuantizationArguments& arguments, const std::string& found,
                                 const std::string& expected);
/// As above, for an int8 model.
void refuse_quantization_options(const WorkArguments& int8);

}  // namespace deepaxe::cli
