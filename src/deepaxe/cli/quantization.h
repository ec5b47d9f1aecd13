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

/// Throws base::InputError where an int8 model is given options that would change nothing.
void refuse_quantization_options(const WorkArguments& arguments);

}  // namespace deepaxe::cli
