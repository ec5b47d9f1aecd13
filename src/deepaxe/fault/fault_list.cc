#include "deepaxe/fault/fault_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::fault {
namespace {

constexpr std::array<std::string_view, 5> kColumns = {"target", "effect", "layer", "position",
                                                      "bit"};

[[noreturn]] void refuse(const std::string& file, std::size_t line, const std::string& found,
                         const std::string& expected) {
  throw base::InputError({file, fmt::format("line {}", line), found, expected});
}

// The fields of one line; "" inside quotes is a quote. Nothing for a quote that is not closed.
std::optional<std::vector<std::string>> split_csv(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && is_quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (is_quoted) return std::nullopt;
  for (std::string& field : fields) field = base::trim(field);
  return fields;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_position(std::string_view text,
                                            const std::vector<std::uint64_t>& shape) {
  std::uint64_t element = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const std::size_t end = std::min(text.find(':'), text.size());
    if ((end == text.size()) != (axis + 1 == shape.size())) return std::nullopt;
    const auto index = parse_number(text.substr(0, end));
    if (!index || *index >= shape[axis]) return std::nullopt;
    element = element * shape[axis] + *index;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return element;
}

// Where each column stands.
std::array<std::size_t, kColumns.size()> parse_header(std::string_view line, std::size_t number,
                                                      const std::string& file) {
  const auto names = split_csv(line);
  std::array<std::size_t, kColumns.size()> places{};
  for (std::size_t c = 0; c < kColumns.size(); ++c) {
    const auto begin = names ? names->begin() : std::vector<std::string>::const_iterator();
    const auto end = names ? names->end() : begin;
    const auto found = std::find(begin, end, kColumns[c]);
    if (found == end) {
      refuse(file, number, fmt::format("a header without '{}'", kColumns[c]),
             fmt::format("the columns {}", fault_columns()));
    }
    places[c] = static_cast<std::size_t>(found - begin);
  }
  return places;
}

ListedFault parse_line(std::string_view line, std::size_t number, const std::string& file,
                       const std::array<std::size_t, kColumns.size()>& places) {
  const auto fields = split_csv(line);
  if (!fields) refuse(file, number, "a quote that is not closed", "a line of fields");
  const std::size_t needed = *std::max_element(places.begin(), places.end()) + 1;
  if (fields->size() < needed) {
    refuse(file, number, fmt::format("{} fields", fields->size()),
           fmt::format("at least {}, as in the header", needed));
  }
  const auto field = [&](std::size_t c) -> const std::string& { return (*fields)[places[c]]; };
  const auto target = parse_target(field(0));
  if (!target) refuse(file, number, fmt::format("target '{}'", field(0)), "activation, weight...");
  const auto effect = parse_effect(field(1));
  if (!effect || !is_defined(*target, *effect)) {
    refuse(file, number, fmt::format("effect '{}' of {}", field(1), field(0)),
           "flip, flip_two, stuck_at_0 or stuck_at_1, as the target allows");
  }
  const auto bit = parse_number(field(4));
  if (!bit || *bit >= 32) refuse(file, number, fmt::format("bit '{}'", field(4)), "a bit number");
  return {*target, *effect, field(2), field(3), static_cast<int>(*bit), number};
}

std::uint64_t find_fault(const ListedFault& listed, const FaultSpace& space,
                         const std::string& file) {
  std::vector<std::string> names;
  for (const FaultTensor& tensor : space.tensors()) {
    if (tensor.target != listed.target || tensor.effect != listed.effect) continue;
    names.push_back(tensor.name);
    if (tensor.name != listed.layer) continue;
    const auto element = parse_position(listed.position, tensor.shape);
    if (!element) {
      refuse(file, listed.line, fmt::format("position '{}' of {}", listed.position, tensor.name),
             fmt::format("{} numbers between colons, below {}", tensor.shape.size(),
                         fmt::join(tensor.shape, ":")));
    }
    if (listed.bit >= tensor.bits) {
      refuse(file, listed.line, fmt::format("bit {}", listed.bit),
             fmt::format("0 to {}", tensor.bits - 1));
    }
    return space.index_of({listed.target, listed.effect, tensor.node, *element, listed.bit});
  }
  refuse(file, listed.line,
         fmt::format("no {} faults in a layer '{}'", to_string(listed.target), listed.layer),
         fmt::format("nearest: {}", base::join(base::nearest_names(listed.layer, names), ", ")));
}

}  // namespace

std::string position_text(std::uint64_t element, const FaultTensor& tensor) {
  std::string text;
  for (std::size_t axis = tensor.shape.size(); axis-- > 0; element /= tensor.shape[axis]) {
    text = std::to_string(element % tensor.shape[axis]) + (text.empty() ? "" : ":") + text;
  }
  return text;
}

std::string_view fault_columns() noexcept { return "target,effect,layer,position,bit"; }

std::string fault_fields(const Fault& fault, const FaultSpace& space) {
  const auto index = static_cast<std::size_t>(space.tensor_of(space.index_of(fault)));
  const FaultTensor& tensor = space.tensors()[index];
  return fmt::format("{},{},{},{},{}", to_string(fault.target), to_string(fault.effect),
                     quoted(tensor.name), position_text(fault.element, tensor), fault.bit);
}

std::vector<ListedFault> parse_fault_list(std::string_view text, const std::string& file) {
  std::vector<ListedFault> list;
  std::optional<std::array<std::size_t, kColumns.size()>> places;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (base::trim(line).empty() || line == "\r") continue;
    if (!places) {
      places = parse_header(line, number, file);
    } else {
      list.push_back(parse_line(line, number, file, *places));
    }
  }
  if (list.empty()) {
    throw base::InputError(
        {file, "", "no faults", fmt::format("lines under the header {}", fault_columns())});
  }
  return list;
}

std::vector<std::uint64_t> find_faults(const std::vector<ListedFault>& list,
                                       const FaultSpace& space, const std::string& file) {
  std::vector<std::uint64_t> indices;
  indices.reserve(list.size());
  for (const ListedFault& fault : list) indices.push_back(find_fault(fault, space, file));
  return indices;
}

FaultSpaceParams params_of(const std::vector<ListedFault>& list) {
  FaultSpaceParams params;
  params.targets.clear();
  params.effects.clear();
  for (const ListedFault& fault : list) {
    if (std::find(params.targets.begin(), params.targets.end(), fault.target) ==
        params.targets.end()) {
      params.targets.push_back(fault.target);
    }
    if (std::find(params.effects.begin(), params.effects.end(), fault.effect) ==
        params.effects.end()) {
      params.effects.push_back(fault.effect);
    }
  }
  return params;
}

}  // namespace deepaxe::fault
