#include "deepaxe/frontend/tflite/names.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

namespace deepaxe::frontend::tflite {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string strip(std::string text) {
  text = text.substr(0, text.find(':'));  // ":0", the number of an output.
  for (const std::string_view prefix : {"serving_default_", "quant_"}) {
    if (text.starts_with(prefix) && text.size() > prefix.size()) text.erase(0, prefix.size());
  }
  return text;
}

// The word that Keras puts into the names of such layers.
std::string_view keyword(const model::Op& op) {
  if (std::holds_alternative<model::Conv2d>(op)) return "conv";
  if (std::holds_alternative<model::DepthwiseConv2d>(op)) return "depthwise";
  if (std::holds_alternative<model::Dense>(op)) return "dense";
  if (std::holds_alternative<model::Arithmetic>(op)) return "add";
  if (std::holds_alternative<model::Pool>(op)) return "pool";
  return "";
}

bool is_made_up(const std::string& name) {
  return name.empty() || name.starts_with("Identity") || name.starts_with("PartitionedCall") ||
         name.starts_with("StatefulPartitionedCall");
}

// The scopes of one path, innermost first: all but the last part, which names an operation.
std::vector<std::string> scopes(const std::string& path) {
  std::vector<std::string> parts = split(path, '/');
  if (parts.size() > 1) parts.pop_back();
  std::reverse(parts.begin(), parts.end());
  return parts;
}

}  // namespace

std::string layer_name(std::string_view tensor_name, const model::Op& op) {
  const std::vector<std::string> paths = split(tensor_name, ';');
  const std::string_view wanted = keyword(op);
  std::string fallback = strip(scopes(paths.front()).front());
  for (const std::string& path : paths) {
    for (const std::string& scope : scopes(path)) {
      if (!wanted.empty() && scope.find(wanted) != std::string::npos) return strip(scope);
    }
  }
  return is_made_up(fallback) ? std::string(model::op_name(op)) : fallback;
}

std::string make_unique(const std::string& name, std::set<std::string>& taken) {
  if (taken.insert(name).second) return name;
  const auto numbered = [&](int number) { return name + "_" + std::to_string(number); };
  // The numbers in use have, as a rule, no gap: the first free one is found by halving.
  int used = 1, free = 2;
  while (taken.contains(numbered(free))) used = std::exchange(free, 2 * free);
  while (free - used > 1) {
    const int middle = used + (free - used) / 2;
    (taken.contains(numbered(middle)) ? used : free) = middle;
  }
  return *taken.insert(numbered(free)).first;
}

}  // namespace deepaxe::frontend::tflite
