#include "deepaxe/frontend/keras/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::keras {
namespace {

bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }

// A weight of a top-level group of a `.h5` file.
struct NamedArray {
  std::string name;  // "conv2d/kernel:0"; Keras 1: "convolution2d_1_W".
  const Hdf5Array* array;
};

class LegacyWeights {
 public:
  LegacyWeights(const Hdf5Content& content, const std::string& file)
      : content_(content), file_(file) {
    root_ = content.has_group("model_weights") ? "model_weights" : "";
  }

  void attach(Network& network) const {
    for (Layer& layer : network.layers) {
      const std::vector<NamedArray> arrays = arrays_of(layer.name);
      if (layer.nested != nullptr) {
        attach_nested(layer, arrays);
        continue;
      }
      for (const NamedArray& named : arrays) layer.weights.push_back(named.array);
    }
  }

 private:
  // Attributes above 64 KiB are split by Keras into name0, name1...
  std::vector<std::string> names_of(const std::string& group) const {
    if (const auto* names = content_.attribute(group, "weight_names")) return *names;
    std::vector<std::string> all;
    for (int chunk = 0;; ++chunk) {
      const auto* names = content_.attribute(group, fmt::format("weight_names{}", chunk));
      if (names == nullptr) return all;
      all.insert(all.end(), names->begin(), names->end());
    }
  }

  std::vector<NamedArray> arrays_of(const std::string& layer) const {
    const std::string group = root_.empty() ? layer : root_ + "/" + layer;
    std::vector<NamedArray> arrays;
    for (const std::string& name : names_of(group)) {
      const auto found = content_.arrays.find(group + "/" + name);
      if (found == content_.arrays.end()) {
        throw base::InputError({.file = file_,
                                .place = "layer " + layer,
                                .found = "no array " + name,
                                .expected = "what its weight_names list"});
      }
      arrays.push_back({name, &found->second});
    }
    return arrays;
  }

  // The group of a nested model lists all trainable weights, then the others, so they are told
  // apart by the name of the layer in theirs.
  void attach_nested(Layer& layer, const std::vector<NamedArray>& arrays) const {
    auto nested = std::make_shared<Network>(*layer.nested);
    for (Layer& inner : nested->layers) {
      if (inner.nested != nullptr) {
        attach_nested(inner, arrays);
        continue;
      }
      for (const NamedArray& named : arrays) {
        if (belongs_to(named.name, inner.name)) inner.weights.push_back(named.array);
      }
    }
    layer.nested = std::move(nested);
  }

  static bool belongs_to(std::string_view weight, std::string_view layer) {
    const std::size_t slash = weight.rfind('/');
    if (slash != std::string_view::npos) {
      const std::string_view parent = weight.substr(0, slash);
      return parent == layer ||
             (parent.ends_with(layer) && parent[parent.size() - layer.size() - 1] == '/');
    }
    constexpr std::array<std::string_view, 8> kSuffixes = {
        "_W", "_b", "_gamma", "_beta", "_running_mean", "_running_std", "_alphas", "_kernel"};
    if (!weight.starts_with(layer)) return false;
    const std::string_view rest = weight.substr(layer.size());
    return std::find(kSuffixes.begin(), kSuffixes.end(), rest) != kSuffixes.end();
  }

  const Hdf5Content& content_;
  const std::string& file_;
  std::string root_;
};

class ClassCountedWeights {
 public:
  explicit ClassCountedWeights(const Hdf5Content& content) : content_(content) {}

  void attach(Network& network, const std::string& prefix) const {
    const std::string container = container_of(prefix);
    std::map<std::string, int> counts;
    for (Layer& layer : network.layers) {
      std::string name = snake_case(class_name_of(layer));
      const int count = counts[name]++;
      if (count > 0) name += fmt::format("_{}", count);
      const std::string group = container + name;
      if (layer.nested != nullptr) {
        auto nested = std::make_shared<Network>(*layer.nested);
        attach(*nested, group + "/");
        layer.nested = std::move(nested);
        continue;
      }
      for (int i = 0;; ++i) {
        const auto found = content_.arrays.find(fmt::format("{}/vars/{}", group, i));
        if (found == content_.arrays.end()) break;
        layer.weights.push_back(&found->second);
      }
    }
  }

 private:
  static std::string class_name_of(const Layer& layer) {
    return layer.class_name == "Model" ? "Functional" : layer.class_name;
  }

  std::string container_of(const std::string& prefix) const {
    constexpr std::array<const char*, 4> kContainers = {"layers", "_layer_checkpoint_dependencies",
                                                        "_functional/layers", "_layers"};
    for (const char* container : kContainers) {
      if (content_.has_group(prefix + container)) return prefix + container + "/";
    }
    return prefix + "layers/";
  }

  const Hdf5Content& content_;
};

bool is_legacy(const Hdf5Content& content) {
  for (const char* group : {"", "model_weights"}) {
    for (const char* name : {"layer_names", "layer_names0"}) {
      if (content.attribute(group, name) != nullptr) return true;
    }
  }
  return false;
}

}  // namespace

void attach_weights(Network& network, const Hdf5Content& content, const std::string& file) {
  if (is_legacy(content)) {
    LegacyWeights(content, file).attach(network);
  } else if (content.has_group("layers") || content.has_group("_layer_checkpoint_dependencies")) {
    ClassCountedWeights(content).attach(network, "");
  } else {
    throw base::InputError({.file = file,
                            .place = "weights",
                            .found = "neither layer_names nor a layers group",
                            .expected = "the weights of a Keras model"});
  }
}

std::string snake_case(const std::string& class_name) {
  std::string result;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const char c = class_name[i];
    const bool before_word = i + 1 < class_name.size() && is_lower(class_name[i + 1]);
    const bool after_word = i > 0 && is_lower(class_name[i - 1]);
    if (i > 0 && is_upper(c) && (before_word || after_word)) result += '_';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace deepaxe::frontend::keras
