#include "deepaxe/frontend/keras/keras1.h"

#include <array>
#include <utility>

namespace deepaxe::frontend::keras {
namespace {

using NamePair = std::pair<const char*, const char*>;  // Keras 1, later.

constexpr std::array kClassNames = {
    NamePair{"Convolution2D", "Conv2D"},
    NamePair{"AtrousConvolution2D", "Conv2D"},
    NamePair{"SeparableConvolution2D", "SeparableConv2D"},
};

constexpr std::array kFieldNames = {
    NamePair{"nb_filter", "filters"},   NamePair{"subsample", "strides"},
    NamePair{"border_mode", "padding"}, NamePair{"output_dim", "units"},
    NamePair{"bias", "use_bias"},       NamePair{"atrous_rate", "dilation_rate"},
    NamePair{"concat_axis", "axis"},
};

void rename_class(Layer& layer) {
  for (const auto& [old_name, new_name] : kClassNames) {
    if (layer.class_name == old_name) layer.class_name = new_name;
  }
}

void rename_fields(Json& config) {
  for (const auto& [old_name, new_name] : kFieldNames) {
    if (!config.contains(old_name) || config.contains(new_name)) continue;
    config[new_name] = config[old_name];
  }
  if (config.contains("nb_row") && config.contains("nb_col")) {
    config["kernel_size"] = {config["nb_row"], config["nb_col"]};
  }
}

void convert_ordering(Json& config) {
  if (!config.contains("dim_ordering")) return;
  const bool channels_first = config["dim_ordering"] == "th";
  config["data_format"] = channels_first ? "channels_first" : "channels_last";
  if (channels_first) config[kKernelOihw] = true;
}

// ZeroPadding2D: [top, bottom, left, right] or an object; Keras 2 has [[top, bottom], [left,
// right]].
void convert_padding(Json& config) {
  if (!config.contains("padding")) return;
  Json& padding = config["padding"];
  if (padding.is_array() && padding.size() == 4) {
    padding = Json::array({{padding[0], padding[1]}, {padding[2], padding[3]}});
  } else if (padding.is_object()) {
    const auto side = [&](const char* name) { return padding.value(name, 0); };
    padding =
        Json::array({{side("top_pad"), side("bottom_pad")}, {side("left_pad"), side("right_pad")}});
  }
}

void convert_merge(Layer& layer, const std::string& file) {
  const Fields fields(layer.config, file, layer.name);
  const std::string mode = fields.text("mode", "sum");
  if (mode == "sum") {
    layer.class_name = "Add";
  } else if (mode == "concat") {
    layer.class_name = "Concatenate";
  } else {
    fields.refuse("mode", mode, "sum or concat");
  }
  if (fields.has("layers") && !fields.raw("layers").empty()) {
    fields.refuse("layers", "branches inside Merge", "a Functional model");
  }
}

}  // namespace

void modernize_layer(Layer& layer, const std::string& file) {
  if (!layer.config.is_object()) {
    if (!layer.config.is_null()) return;
    layer.config = Json::object();
  }
  rename_class(layer);
  rename_fields(layer.config);
  convert_ordering(layer.config);
  if (layer.class_name == "ZeroPadding2D") convert_padding(layer.config);
  if (layer.class_name == "Merge") convert_merge(layer, file);
}

}  // namespace deepaxe::frontend::keras
