#include "deepaxe/frontend/keras/layer_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/text.h"

namespace deepaxe::frontend::keras {
namespace {

struct Entry {
  std::string_view class_name;
  LayerBuilder build;
};

// InputLayer stands here to be known; the graph builder makes its node.
constexpr std::array kEntries = {
    Entry{"InputLayer", build_nothing},
    Entry{"Conv2D", build_conv2d},
    Entry{"DepthwiseConv2D", build_depthwise_conv2d},
    Entry{"SeparableConv2D", build_separable_conv2d},
    Entry{"Dense", build_dense},
    Entry{"MaxPooling2D", build_max_pooling},
    Entry{"AveragePooling2D", build_average_pooling},
    Entry{"GlobalMaxPooling2D", build_global_max_pooling},
    Entry{"GlobalAveragePooling2D", build_global_average_pooling},
    Entry{"Flatten", build_flatten},
    Entry{"Reshape", build_reshape},
    Entry{"Permute", build_permute},
    Entry{"ZeroPadding2D", build_zero_padding},
    Entry{"Cropping2D", build_cropping},
    Entry{"Add", build_add},
    Entry{"Subtract", build_subtract},
    Entry{"Multiply", build_multiply},
    Entry{"Concatenate", build_concatenate},
    Entry{"BatchNormalization", build_batch_normalization},
    Entry{"BatchNormalizationV1", build_batch_normalization},
    Entry{"Rescaling", build_rescaling},
    Entry{"Activation", build_activation},
    Entry{"ReLU", build_relu},
    Entry{"LeakyReLU", build_leaky_relu},
    Entry{"PReLU", build_prelu},
    Entry{"Softmax", build_softmax},
    Entry{"Dropout", build_nothing},
    Entry{"SpatialDropout2D", build_nothing},
    Entry{"AlphaDropout", build_nothing},
    Entry{"GaussianDropout", build_nothing},
    Entry{"GaussianNoise", build_nothing},
    Entry{"ActivityRegularization", build_nothing},
    Entry{"RandomFlip", build_nothing},
    Entry{"RandomRotation", build_nothing},
    Entry{"RandomZoom", build_nothing},
    Entry{"RandomTranslation", build_nothing},
    Entry{"RandomContrast", build_nothing},
    Entry{"RandomBrightness", build_nothing},
};

const Entry* find(std::string_view class_name) {
  const auto found = std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& entry) {
    return entry.class_name == class_name;
  });
  return found == kEntries.end() ? nullptr : &*found;
}

// QKeras (QDense), HGQ (HDense, FixedPointQuantizer), MCT and TF-MOT (wrappers, holders).
bool is_foreign_quantizer(const std::string& class_name, const std::string& module) {
  for (const char* word : {"Quanti", "quanti", "HGQ"}) {
    if (class_name.find(word) != std::string::npos) return true;
  }
  for (const char* package : {"qkeras", "hgq", "mct_quantizers", "tensorflow_model_optimization"}) {
    if (module.find(package) != std::string::npos) return true;
  }
  return class_name.size() > 2 && (class_name[0] == 'Q' || class_name[0] == 'H') &&
         std::isupper(static_cast<unsigned char>(class_name[1])) != 0;
}

}  // namespace

bool is_supported_class(const std::string& class_name) { return find(class_name) != nullptr; }

LayerBuilder builder_of(const std::string& class_name) {
  const Entry* entry = find(class_name);
  DEEPAXE_ASSERT(entry != nullptr);
  return entry->build;
}

std::string advice_for_class(const std::string& class_name, const std::string& module) {
  if (is_foreign_quantizer(class_name, module)) {
    return "plain Keras layers: export the network without its quantizers, or as an int8 .tflite";
  }
  std::vector<std::string> known;
  known.reserve(kEntries.size());
  for (const Entry& entry : kEntries) known.emplace_back(entry.class_name);
  const std::vector<std::string> ordered = base::nearest_names(class_name, known, known.size());
  return "one of " + base::join(ordered, " ");
}

}  // namespace deepaxe::frontend::keras
