// Loading: brings a model, its images and its calibration together, as the options say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/cli/command.h"
#include "deepaxe/cli/quantization.h"
#include "deepaxe/cli/work_options.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/preprocess.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

/// A model as its file has it: exactly one of the two is there.
struct Network {
  std::string file;
  std::string name;  ///< File name without its extensions.
  std::optional<model::FloatModel> float_model;
  std::optional<model::Int8Model> int8_model;

  /// The one of the two, when it is known to be there.
  const model::FloatModel& as_float() const;
  const model::Int8Model& as_int8() const;
  const model::Shape& input_shape() const;
};

/// Keras or TFLite, told apart by content. Throws base::InputError.
Network read_network(const WorkArguments& arguments);

/// The images to work on, checked against the model's input.
struct TestImages {
  std::string data_name;
  std::string source;
  dataset::ImageSet images;
  dataset::Preprocessing preprocessing;
};
TestImages read_test_images(const WorkArguments& arguments, const Network& network,
                            const CommonOptions& common);

/// An int8 model with its images as codes, ready to run.
struct Work {
  std::string model_name;
  std::string data_name;
  std::string data_key;
  model::Int8Model model;
  std::vector<std::int8_t> codes;  ///< [images, input size]
  std::vector<int> labels;
  std::string preprocessing;  ///< What was done to the pixels, for people.
  std::string calibration;    ///< "500 images of the training part of mnist"; empty: none needed.
};

/// read_network, read_test_images, and quantization where the model is float.
Work prepare_work(const WorkArguments& arguments, const CommonOptions& common);

/// Images as codes of the model's input tensor.
std::vector<std::int8_t> to_codes(const TestImages& test, const model::Int8Model& model);

/// warn_if_near_chance of the exact design on some of the images, before long work.
void warn_if_implausible(const engine::Int8Engine& engine, const Work& work,
                         const CommonOptions& common);

/// Warns on stderr, naming the preprocessing, where an accuracy is near that of guessing.
void warn_if_near_chance(std::int64_t correct, std::int64_t images, int num_classes,
                         const std::string& preprocessing, const CommonOptions& common);

}  // namespace deepaxe::cli
