#include "deepaxe/frontend/keras/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/keras/archive.h"
#include "deepaxe/frontend/keras/network.h"

namespace deepaxe::frontend::keras {
namespace {

constexpr const char* kExpectedFile = "a Keras .h5 or .keras file";
constexpr const char* kNetworkFile = "a Keras .h5 or .keras file, or a .tflite file";
constexpr int kMaxJsonDepth = 256;  // What walks it calls itself; a model in a model takes 4.

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool nests_too_deeply(std::string_view json) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++i;  // What follows is no quote that ends the string.
    if (quoted) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMaxJsonDepth) return true;
  }
  return false;
}

std::string describe_content(std::span<const std::byte> bytes) {
  if (bytes.empty()) return "an empty file";
  const std::string_view text = as_text(bytes);
  if (text.size() >= 8 && text.substr(4, 4) == "TFL3") return "a .tflite file";
  const auto printable = [](unsigned char c) { return std::isprint(c) || std::isspace(c); };
  const auto head = text.substr(0, 512);
  return std::all_of(head.begin(), head.end(), printable) ? "a text file"
                                                          : "a file of another kind";
}

// The layers of a file that holds weights only, to help find the JSON that belongs to it.
std::string list_layers(const Hdf5Content& content) {
  const auto* names = content.attribute("", "layer_names");
  if (names == nullptr || names->empty()) return "weights only, no model_config";
  return fmt::format("weights only, no model_config, for {} layers ({}...)", names->size(),
                     names->front());
}

void take_hdf5(Document& document, std::span<const std::byte> bytes) {
  take_content(document, read_hdf5(bytes, document.file));
}

void take_zip(Document& document, std::span<const std::byte> bytes) {
  const auto member = [&](const char* name) {
    auto content = read_zip_member(bytes, name, document.file);
    if (!content) refuse(document.file, name, "no such member in the archive", kExpectedFile);
    return *std::move(content);
  };
  if (document.config.is_null()) {
    document.config =
        parse_model_json(as_text(member("config.json")), document.file, "config.json");
  }
  const std::vector<std::byte> weights = member("model.weights.h5");
  if (!looks_like_hdf5(weights)) {
    refuse(document.file, "model.weights.h5", describe_content(weights), "an HDF5 file");
  }
  take_hdf5(document, weights);
}

// A JSON given in place of the model: its layers are looked at first, so that an unsupported one
// is named at once.
[[noreturn]] void refuse_architecture(std::span<const std::byte> bytes, const std::string& file) {
  (void)parse_network(parse_model_json(as_text(bytes), file, ""), file);
  refuse(file, "", "an architecture without weights",
         "the file with the weights, and this one as --config");
}

bool looks_like_json(std::span<const std::byte> bytes) {
  const std::string_view text = as_text(bytes);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

Json parse_model_json(std::string_view text, const std::string& file, const std::string& place) {
  if (nests_too_deeply(text)) {
    refuse(file, place, "text nested too deeply", fmt::format("at most {} levels", kMaxJsonDepth));
  }
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) refuse(file, place, "text that is not JSON", "the JSON of a model");
  if (!json.is_object()) refuse(file, place, brief(json), "the JSON of a model");
  return json;
}

void take_content(Document& document, Hdf5Content content) {
  document.weights = std::move(content);
  for (const char* group : {"model_weights", ""}) {
    if (document.backend.empty()) document.backend = document.weights.text(group, "backend");
  }
  if (!document.config.is_null()) return;
  const std::string config = document.weights.text("", "model_config");
  if (config.empty()) {
    refuse(document.file, "model_config", list_layers(document.weights),
           "the architecture beside it: --config model.json");
  }
  document.config = parse_model_json(config, document.file, "model_config");
}

Document read_document(const std::filesystem::path& file, const std::filesystem::path& config) {
  Document document{.file = file.string(), .config = {}, .weights = {}, .backend = {}};
  const std::vector<std::byte> bytes = base::read_file(file);
  if (!config.empty()) {
    document.config = parse_model_json(as_text(base::read_file(config)), config.string(), "");
    (void)parse_network(document.config,
                        config.string());  // Errors name the JSON, not the weights.
  }
  if (looks_like_hdf5(bytes)) {
    take_hdf5(document, bytes);
  } else if (looks_like_zip(bytes)) {
    take_zip(document, bytes);
  } else if (looks_like_json(bytes)) {
    refuse_architecture(bytes, document.file);
  } else {
    refuse(document.file, "", describe_content(bytes), kNetworkFile);
  }
  return document;
}

}  // namespace deepaxe::frontend::keras
