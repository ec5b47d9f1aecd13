#include "deepaxe/cli/quantization.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/preprocess.h"

namespace deepaxe::cli {
namespace {

// The images that set the ranges: named ones, else the training part, else the first test images.
struct CalibrationImages {
  dataset::ImageSet images;
  std::string description;
  std::string source;
};

// What the images are called; those of a file named for calibration are simply its images.
const char* part_name(bool has_train, bool named) {
  if (has_train) return "training ";
  return named ? "" : "test ";
}

CalibrationImages read_calibration_images(const WorkArguments& arguments,
                                          const CommonOptions& common) {
  const QuantizationArguments& quantization = arguments.quantization;
  const bool named = !quantization.images.empty();
  const std::string& spec = named ? quantization.images : arguments.data;
  if (spec.empty()) {
    throw base::InputError({arguments.model, "", "a float network without images",
                            "--calibration or --data, which set the ranges"});
  }
  constexpr std::size_t kDefaultCount = 500;
  const auto asked = static_cast<std::size_t>(quantization.num_images);
  const std::size_t wanted = asked == 0 ? kDefaultCount : asked;
  dataset::LoadOptions options;
  options.with_train = true;
  options.num_threads = common.threads;
  options.digits_train_images = wanted;
  dataset::Dataset dataset = dataset::load(spec, options);
  const bool has_train = !dataset.train.empty();
  dataset::ImageSet part = has_train ? std::move(dataset.train) : std::move(dataset.test);
  const std::size_t count = asked == 0 ? std::min(wanted, part.size()) : asked;
  CalibrationImages result{.images = dataset::first_images(part, count, dataset.source),
                           .description = fmt::format("first {} {}images of {}", count,
                                                      part_name(has_train, named), spec),
                           .source = dataset.source};
  if (!has_train && !named) {
    remark(common, fmt::format("calibration: {} has no training part; its first {} test images "
                               "set the ranges",
                               spec, count));
  }
  return result;
}

// Nothing for minima and maxima, which are what one expects.
std::string method_suffix(const calibrate::RangeParams& ranges) {
  switch (ranges.method) {
    case calibrate::RangeMethod::kMinMax:
      break;
    case calibrate::RangeMethod::kPercentile:
      return fmt::format(", percentile {}", ranges.percentile);
    case calibrate::RangeMethod::kMse:
      return ", least squared error";
  }
  return "";
}

}  // namespace

QuantizedNetwork quantize_network(const model::FloatModel& network, const WorkArguments& arguments,
                                  const CommonOptions& common) {
  const CalibrationImages images = read_calibration_images(arguments, common);
  dataset::check_fits(images.images, images.source, network.input_shape(), arguments.model);
  const auto preprocessing = dataset::parse_preprocessing(arguments.input);
  calibrate::QuantizeParams params = arguments.quantization.params;
  params.num_threads = common.threads;
  QuantizedNetwork result{.quantization = {},
                          .calibration_images = dataset::preprocess(
                              images.images, 0, images.images.size(), preprocessing),
                          .calibration = images.description + method_suffix(params.ranges)};
  result.quantization = calibrate::quantize_with_source(network, result.calibration_images, params);
  return result;
}

void refuse_quantization_options(const QuantizationArguments& arguments, const std::string& found,
                                 const std::string& expected) {
  if (!arguments.given.empty()) {
    throw base::InputError({arguments.given, "", found, expected});
  }
}

void refuse_quantization_options(const WorkArguments& int8) {
  refuse_quantization_options(int8.quantization, int8.model + ", an int8 model",
                              "a float one: that is quantized already");
}

}  // namespace deepaxe::cli
