#include "deepaxe/engine/assignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/model/op.h"

namespace deepaxe::engine {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string place, std::string found,
                         std::string expected) {
  throw base::InputError({.file = fmt::format("assignment '{}'", text),
                          .place = std::move(place),
                          .found = std::move(found),
                          .expected = std::move(expected)});
}

const model::Int8Node& node_at(const model::Int8Model& model, int index) {
  return model.nodes[static_cast<std::size_t>(index)];
}

// The layer index of a computing layer's name.
std::size_t find_layer(std::string_view text, std::string_view name,
                       const model::Int8Model& model) {
  const std::vector<int> computing = model::computing_nodes(model);
  std::vector<std::string> names;
  for (std::size_t l = 0; l < computing.size(); ++l) {
    names.push_back(node_at(model, computing[l]).name);
    if (names.back() == name) return l;
  }
  const std::string nearest = base::join(base::nearest_names(name, names), ", ");
  for (const model::Int8Node& node : model.nodes) {
    if (node.name == name) {
      refuse(text, {},
             fmt::format("layer {}, which does not multiply ({})", name, model::op_name(node.op)),
             fmt::format("a convolution or dense layer; nearest: {}", nearest));
    }
  }
  refuse(text, {}, fmt::format("unknown layer '{}'", name), fmt::format("nearest: {}", nearest));
}

Assignment parse_by_name(std::string_view text, const model::Int8Model& model) {
  Assignment assignment = exact_assignment(model);
  std::vector<bool> seen(assignment.multipliers.size());
  for (const std::string_view item : base::split_items(text)) {
    const std::size_t equals = item.rfind('=');  // No multiplier's name has one.
    if (equals == std::string_view::npos) {
      refuse(text, {}, fmt::format("'{}'", item), "layer=multiplier");
    }
    const std::string_view name = base::trim(item.substr(0, equals));
    const std::size_t layer = find_layer(text, name, model);
    if (seen[layer]) refuse(text, {}, fmt::format("layer {} twice", name), "each layer once");
    seen[layer] = true;
    assignment.multipliers[layer] = arith::find_multiplier(base::trim(item.substr(equals + 1)));
  }
  return assignment;
}

// The nodes that the characters of a mask of this length stand for.
std::vector<int> masked_nodes(std::string_view text, std::string_view mask,
                              const model::Int8Model& model) {
  std::vector<int> storing = model::storing_nodes(model);
  if (mask.size() == storing.size()) return storing;
  std::vector<int> computing = model::computing_nodes(model);
  if (mask.size() == computing.size()) return computing;
  refuse(text, {}, fmt::format("{} characters", mask.size()),
         fmt::format("{}, one for each layer that stores a tensor, or {}, one for each that "
                     "multiplies",
                     storing.size(), computing.size()));
}

Assignment parse_mask(std::string_view text, std::string_view name, std::string_view mask,
                      const model::Int8Model& model) {
  const arith::MultiplierPtr approximate = arith::find_multiplier(base::trim(name));
  const std::vector<int> nodes = masked_nodes(text, mask, model);
  Assignment assignment;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const model::Int8Node& node = node_at(model, nodes[i]);
    const bool computing = model::is_computing(node.op);
    const bool fits = computing ? mask[i] == '0' || mask[i] == '1' : mask[i] == '-';
    if (!fits) {
      refuse(text,
             fmt::format("character {} (layer {}, {})", i + 1, node.name, model::op_name(node.op)),
             fmt::format("'{}'", mask[i]), computing ? "0 or 1" : "-");
    }
    if (computing) {
      assignment.multipliers.push_back(mask[i] == '1' ? approximate : arith::exact_multiplier());
    }
  }
  return assignment;
}

const arith::NamedMultiplier* find_approximate(const Assignment& assignment) {
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    if (!multiplier->multiplier.is_exact()) return multiplier.get();
  }
  return nullptr;
}

}  // namespace

bool Assignment::is_exact() const noexcept { return find_approximate(*this) == nullptr; }

bool Assignment::same_products(const Assignment& other) const noexcept {
  return std::equal(multipliers.begin(), multipliers.end(), other.multipliers.begin(),
                    other.multipliers.end(), [](const auto& a, const auto& b) {
                      return a->multiplier.identity() == b->multiplier.identity();
                    });
}

Assignment exact_assignment(const model::Int8Model& model) {
  return {.multipliers = std::vector<arith::MultiplierPtr>(model::computing_nodes(model).size(),
                                                           arith::exact_multiplier())};
}

Assignment parse_assignment(std::string_view text, const model::Int8Model& model) {
  const std::string_view trimmed = base::trim(text);
  // A mask holds no '=', a layer's name may hold '@'.
  const std::size_t at = trimmed.rfind('@');
  if (at != std::string_view::npos && trimmed.find('=') == std::string_view::npos) {
    return parse_mask(trimmed, trimmed.substr(0, at), base::trim(trimmed.substr(at + 1)), model);
  }
  if (trimmed.find('=') != std::string_view::npos) return parse_by_name(trimmed, model);
  Assignment assignment = exact_assignment(model);
  std::fill(assignment.multipliers.begin(), assignment.multipliers.end(),
            arith::find_multiplier(trimmed));
  return assignment;
}

std::string mask_of(const Assignment& assignment, const model::Int8Model& model) {
  std::string mask;
  std::size_t layer = 0;
  for (const int node : model::storing_nodes(model)) {
    if (!model::is_computing(node_at(model, node).op)) {
      mask += '-';
    } else {
      mask += assignment.multipliers.at(layer++)->multiplier.is_exact() ? '0' : '1';
    }
  }
  return mask;
}

std::string to_string(const Assignment& assignment, const model::Int8Model& model) {
  const arith::NamedMultiplier* approximate = find_approximate(assignment);
  if (approximate == nullptr) return "exact";
  const std::vector<int> computing = model::computing_nodes(model);
  std::vector<std::string> items;
  bool is_single = true;
  for (std::size_t l = 0; l < computing.size(); ++l) {
    const arith::NamedMultiplier& multiplier = *assignment.multipliers.at(l);
    if (multiplier.multiplier.is_exact()) continue;
    is_single = is_single && multiplier.multiplier.identity() == approximate->multiplier.identity();
    items.push_back(fmt::format("{}={}", node_at(model, computing[l]).name, multiplier.name));
  }
  return is_single ? fmt::format("{}@{}", approximate->name, mask_of(assignment, model))
                   : base::join(items, ",");
}

}  // namespace deepaxe::engine
