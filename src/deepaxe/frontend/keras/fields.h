// Fields: typed reading of one layer's JSON configuration, with errors that name layer and field.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace deepaxe::frontend::keras {

using Json = nlohmann::json;

class Fields {
 public:
  Fields(const Json& config, std::string file, std::string layer)
      : config_(config), file_(std::move(file)), layer_(std::move(layer)) {}

  /// Whether the field is there and not null.
  bool has(const std::string& name) const;
  /// The value itself; null if there is none.
  const Json& raw(const std::string& name) const;

  int integer(const std::string& name, int otherwise) const;
  bool boolean(const std::string& name, bool otherwise) const;
  double number(const std::string& name, double otherwise) const;
  std::string text(const std::string& name, const std::string& otherwise) const;
  /// One integer for both axes, or a list of two.
  std::array<int, 2> pair(const std::string& name, std::array<int, 2> otherwise) const;
  std::vector<int> integers(const std::string& name) const;  ///< An integer or a list; else empty.
  /// One number for all, or a list; empty if there is none.
  std::vector<double> numbers(const std::string& name) const;

  /// Throws InputError{file, "layer L, field F", ...}; `field` may be empty.
  [[noreturn]] void refuse(const std::string& field, std::string found, std::string expected) const;

  const std::string& file() const { return file_; }
  const std::string& layer() const { return layer_; }

 private:
  int to_integer(const std::string& name, const Json& value) const;

  const Json& config_;
  std::string file_;
  std::string layer_;
};

/// The JSON text of a value, cut to fit a message.
std::string brief(const Json& value);

}  // namespace deepaxe::frontend::keras
