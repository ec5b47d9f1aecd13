#include "deepaxe/frontend/keras/fields.h"

#include <cmath>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::keras {

bool Fields::has(const std::string& name) const { return !raw(name).is_null(); }

const Json& Fields::raw(const std::string& name) const {
  static const Json absent;
  if (!config_.is_object()) return absent;
  const auto found = config_.find(name);
  return found == config_.end() ? absent : *found;
}

int Fields::to_integer(const std::string& name, const Json& value) const {
  constexpr double kMax = 1 << 30;  // So that the sum of two is an int.
  if (value.is_number()) {
    const double number = value.get<double>();  // Old files hold sizes such as 2.0.
    if (std::abs(number) <= kMax && number == std::trunc(number)) return static_cast<int>(number);
  }
  refuse(name, brief(value), "an integer of at most 2^30");
}

int Fields::integer(const std::string& name, int otherwise) const {
  return has(name) ? to_integer(name, raw(name)) : otherwise;
}

bool Fields::boolean(const std::string& name, bool otherwise) const {
  if (!has(name)) return otherwise;
  if (!raw(name).is_boolean()) refuse(name, brief(raw(name)), "true or false");
  return raw(name).get<bool>();
}

double Fields::number(const std::string& name, double otherwise) const {
  if (!has(name)) return otherwise;
  const std::vector<double> values = numbers(name);  // Some versions keep an array of one.
  if (values.size() != 1) refuse(name, brief(raw(name)), "a number");
  return values.front();
}

std::string Fields::text(const std::string& name, const std::string& otherwise) const {
  if (!has(name)) return otherwise;
  if (!raw(name).is_string()) refuse(name, brief(raw(name)), "a text");
  return raw(name).get<std::string>();
}

std::array<int, 2> Fields::pair(const std::string& name, std::array<int, 2> otherwise) const {
  if (!has(name)) return otherwise;
  const std::vector<int> values = integers(name);
  if (values.size() == 1) return {values[0], values[0]};
  if (values.size() != 2) refuse(name, brief(raw(name)), "one or two integers");
  return {values[0], values[1]};
}

std::vector<int> Fields::integers(const std::string& name) const {
  std::vector<int> values;
  const Json& value = raw(name);
  if (value.is_array()) {
    for (const Json& element : value) values.push_back(to_integer(name, element));
  } else if (!value.is_null()) {
    values.push_back(to_integer(name, value));
  }
  return values;
}

std::vector<double> Fields::numbers(const std::string& name) const {
  const Json& value = raw(name);
  // Keras 3 writes a NumPy value as {"class_name": "__numpy__", "config": {"value": ...}}.
  if (value.is_object() && value.contains("config") && value["config"].is_object()) {
    return Fields(value["config"], file_, layer_).numbers("value");
  }
  std::vector<double> values;
  for (const Json& element : value.is_array() ? value : Json::array({value})) {
    if (element.is_null() && !value.is_array()) break;
    if (!element.is_number()) refuse(name, brief(value), "a number or a list of numbers");
    values.push_back(element.get<double>());
  }
  return values;
}

void Fields::refuse(const std::string& field, std::string found, std::string expected) const {
  throw base::InputError({.file = file_,
                          .place = "layer " + layer_ + (field.empty() ? "" : ", field " + field),
                          .found = std::move(found),
                          .expected = std::move(expected)});
}

std::string brief(const Json& value) {
  constexpr std::size_t kMaxLength = 60;
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMaxLength) text = text.substr(0, kMaxLength) + "...";
  return text;
}

}  // namespace deepaxe::frontend::keras
