#include "deepaxe/fault/fault_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "deepaxe/base/byte_order_mark.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::fault {
namespace {

constexpr std::array<std::string_view, 7> kColumns = {"target", "effect",   "layer",  "position",
                                                      "bit",    "parallel", "circuit"};
constexpr std::size_t kRequired = 5;  // The others concern units and nets alone.
constexpr std::size_t kHashDigits = 8;
constexpr std::string_view kHeader = "target,effect,layer,position,bit";

// One line of a list as it stands, not yet looked for in a model.
struct ListedFault {
  Target target = Target::kActivation;
  Effect effect = Effect::kFlip;
  std::string layer;
  std::string position;
  int bit = 0;
  std::string parallel;  // N of the units that the position counts; empty: not said.
  std::string circuit;   // Whose nets it counts; empty: not said.
  std::size_t line = 0;  // In the file, from 1.
};

using Places = std::array<std::optional<std::size_t>, kColumns.size()>;

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
Places parse_header(std::string_view line, std::size_t number, const std::string& file) {
  const auto names = split_csv(line);
  Places places;
  for (std::size_t c = 0; c < kColumns.size(); ++c) {
    const auto begin = names ? names->begin() : std::vector<std::string>::const_iterator();
    const auto end = names ? names->end() : begin;
    const auto found = std::find(begin, end, kColumns[c]);
    if (found != end) places[c] = static_cast<std::size_t>(found - begin);
    if (found != end || c >= kRequired) continue;
    refuse(file, number, fmt::format("a header without '{}'", kColumns[c]),
           fmt::format("the columns {}", kHeader));
  }
  return places;
}

ListedFault parse_line(std::string_view line, std::size_t number, const std::string& file,
                       const Places& places) {
  const auto fields = split_csv(line);
  if (!fields) refuse(file, number, "a quote that is not closed", "a line of fields");
  const std::size_t needed = **std::max_element(places.begin(), places.end()) + 1;
  if (fields->size() < needed) {
    refuse(file, number, fmt::format("{} fields", fields->size()),
           fmt::format("at least {}, as in the header", needed));
  }
  const auto field = [&](std::size_t c) { return places[c] ? (*fields)[*places[c]] : ""; };
  const auto target = parse_target(field(0));
  if (!target) refuse(file, number, fmt::format("target '{}'", field(0)), "activation, weight...");
  const auto effect = parse_effect(field(1));
  if (!effect || !is_defined(*target, *effect)) {
    refuse(file, number, fmt::format("effect '{}' of {}", field(1), field(0)),
           "flip, flip_two, stuck_at_0 or stuck_at_1, as the target allows");
  }
  const auto bit = parse_number(field(4));
  if (!bit || *bit >= 32) refuse(file, number, fmt::format("bit '{}'", field(4)), "a bit number");
  return {*target, *effect, field(2), field(3), static_cast<int>(*bit), field(5), field(6), number};
}

// Units of another engine and nets of another circuit are other places under the same numbers.
void require_same_hardware(const ListedFault& listed, const FaultTensor& tensor,
                           const std::string& file) {
  const std::string wanted =
      tensor.parallel_outputs > 0 ? std::to_string(tensor.parallel_outputs) : "";
  if (!wanted.empty() && listed.parallel != wanted) {
    refuse(file, listed.line,
           listed.parallel.empty() ? "no 'parallel', the N of the units"
                                   : fmt::format("units of N = {}", listed.parallel),
           fmt::format("{}, as --parallel says", wanted));
  }
  if (tensor.circuit.empty() || listed.circuit == tensor.circuit) return;
  refuse(file, listed.line,
         listed.circuit.empty() ? "no 'circuit', whose net it is"
                                : fmt::format("a net of {}", listed.circuit),
         fmt::format("{}, the multiplier of {}", tensor.circuit, tensor.name));
}

[[noreturn]] void refuse_layer(const ListedFault& listed, const FaultSpace& space,
                               const std::string& file) {
  std::vector<std::string> names;
  for (const FaultTensor& tensor : space.tensors()) {
    if (tensor.target == listed.target && tensor.effect == listed.effect) {
      names.push_back(tensor.name);
    }
  }
  refuse(file, listed.line,
         fmt::format("no {} faults in a layer '{}'", to_string(listed.target), listed.layer),
         fmt::format("nearest: {}", base::join(base::nearest_names(listed.layer, names), ", ")));
}

std::uint64_t find_fault(const ListedFault& listed, const FaultSpace& space,
                         const std::string& file) {
  const auto found = std::ranges::find_if(space.tensors(), [&](const FaultTensor& tensor) {
    return tensor.target == listed.target && tensor.effect == listed.effect &&
           tensor.name == listed.layer;
  });
  if (found == space.tensors().end()) refuse_layer(listed, space, file);
  const FaultTensor& tensor = *found;
  require_same_hardware(listed, tensor, file);
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

// visit(line) for every fault: no list of lines is kept, however long the file.
template <typename Visit>
void for_each_listed(std::string_view text, const std::string& file, const Visit& visit) {
  std::optional<Places> places;
  bool is_empty = true;
  text = base::without_byte_order_mark(text);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (base::trim(line).empty() || line == "\r") continue;
    if (!places) {
      places = parse_header(line, number, file);
    } else {
      visit(parse_line(line, number, file, *places));
      is_empty = false;
    }
  }
  if (!is_empty) return;
  throw base::InputError(
      {file, "", "no faults", fmt::format("lines under the header {}", kHeader)});
}

template <typename T>
void add_once(std::vector<T>& values, T value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

bool names_hardware(const FaultSpace& space) {
  return std::ranges::any_of(space.tensors(), [](const FaultTensor& tensor) {
    return tensor.parallel_outputs > 0 || !tensor.circuit.empty();
  });
}

}  // namespace

std::string position_text(std::uint64_t element, const FaultTensor& tensor) {
  std::string text;
  for (std::size_t axis = tensor.shape.size(); axis-- > 0; element /= tensor.shape[axis]) {
    text = std::to_string(element % tensor.shape[axis]) + (text.empty() ? "" : ":") + text;
  }
  return text;
}

std::string fault_columns(const FaultSpace& space) {
  return std::string(kHeader) + (names_hardware(space) ? ",parallel,circuit" : "");
}

std::string circuit_text(const arith::NamedMultiplier& multiplier) {
  return multiplier.name + "@" + multiplier.multiplier.identity().substr(0, kHashDigits);
}

std::string fault_fields(const Fault& fault, const FaultSpace& space) {
  const auto index = static_cast<std::size_t>(space.tensor_of(space.index_of(fault)));
  const FaultTensor& tensor = space.tensors()[index];
  std::string text =
      fmt::format("{},{},{},{},{}", to_string(fault.target), to_string(fault.effect),
                  quoted(tensor.name), position_text(fault.element, tensor), fault.bit);
  if (!names_hardware(space)) return text;
  text += tensor.parallel_outputs > 0 ? fmt::format(",{},", tensor.parallel_outputs) : ",,";
  return text + quoted(tensor.circuit);
}

FaultSpaceParams params_of_list(std::string_view text, const std::string& file,
                                const std::string& input_layer) {
  FaultSpaceParams params;
  params.targets.clear();
  params.effects.clear();
  for_each_listed(text, file, [&](const ListedFault& listed) {
    add_once(params.targets, listed.target);
    add_once(params.effects, listed.effect);
    params.include_input = params.include_input || listed.layer == input_layer;
  });
  return params;
}

std::vector<std::uint64_t> find_faults(std::string_view text, const FaultSpace& space,
                                       const std::string& file) {
  std::vector<std::uint64_t> indices;
  for_each_listed(text, file, [&](const ListedFault& listed) {
    indices.push_back(find_fault(listed, space, file));
  });
  return indices;
}

}  // namespace deepaxe::fault
