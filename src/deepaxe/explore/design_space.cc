#include "deepaxe/explore/design_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "deepaxe/base/input_error.h"

namespace deepaxe::explore {
namespace {

using arith::MultiplierPtr;

// The distinct multipliers, exact first, and the other names of each.
struct Choices {
  std::vector<MultiplierPtr> distinct = {arith::exact_multiplier()};
  std::vector<std::vector<std::string>> other_names = {{}};

  // The index of the choice with the products of `multiplier`, added if new.
  std::uint16_t add(const MultiplierPtr& multiplier) {
    const auto same = [&](const MultiplierPtr& known) {
      return known->multiplier.identity() == multiplier->multiplier.identity();
    };
    const auto found = std::find_if(distinct.begin(), distinct.end(), same);
    const auto index = static_cast<std::size_t>(found - distinct.begin());
    if (found == distinct.end()) {
      distinct.push_back(multiplier);
      other_names.emplace_back();
    } else if ((*found)->name != multiplier->name) {
      std::vector<std::string>& names = other_names[index];
      if (std::find(names.begin(), names.end(), multiplier->name) == names.end()) {
        names.push_back(multiplier->name);
      }
    }
    return static_cast<std::uint16_t>(index);
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    for (std::size_t c = 0; c < distinct.size(); ++c) {
      for (const std::string& name : other_names[c]) {
        notes.push_back(fmt::format("{0} has the same products as {1}: its designs count as {1}",
                                    name, distinct[c]->name));
      }
    }
    return notes;
  }
};

// M (2^n - 1) + 1 or (M + 1)^n; a double, for n has no bound. Exact below 2^53.
double space_size(std::size_t num_multipliers, std::size_t num_layers, bool mixed) {
  const auto m = static_cast<double>(num_multipliers);
  const auto n = static_cast<double>(num_layers);
  return mixed ? std::pow(m + 1, n) : m * (std::exp2(n) - 1) + 1;
}

void check_size(double size) {
  if (size <= static_cast<double>(DesignSpace::kMaxDesigns)) return;
  throw base::InputError({"design space", "", fmt::format("{:.0f} designs", size),
                          fmt::format("at most {} (fewer multipliers, or a list of assignments)",
                                      DesignSpace::kMaxDesigns)});
}

// Every subset of the layers with each multiplier; subsets count up with the last layer lowest.
void add_subsets(DesignSpace& space, std::size_t num_layers) {
  const std::uint64_t num_subsets = std::uint64_t{1} << num_layers;
  for (std::size_t c = 1; c < space.choices.size(); ++c) {
    for (std::uint64_t subset = 1; subset < num_subsets; ++subset) {
      Design& design = space.designs.emplace_back();
      for (std::size_t l = 0; l < num_layers; ++l) {
        const bool approximated = (subset >> (num_layers - 1 - l) & 1) != 0;
        design.choices.push_back(static_cast<std::uint16_t>(approximated ? c : 0));
      }
    }
  }
}

// All words of num_layers digits, the last layer fastest; the all-exact one is there already.
void add_mixed(DesignSpace& space, std::size_t num_layers) {
  std::vector<std::uint16_t> digits(num_layers, 0);
  for (;;) {
    std::size_t l = num_layers;
    while (l > 0 && ++digits[l - 1] == space.choices.size()) digits[--l] = 0;
    if (l == 0) return;
    space.designs.push_back({digits, {}});
  }
}

// The other names of a design of one multiplier: "1KV6@1-1-111". For the exact design, a merged
// name alone ("1KV6") stands for all its masks.
void add_name_aliases(DesignSpace& space, const Choices& choices, const model::Int8Model& model) {
  for (Design& design : space.designs) {
    const std::uint16_t c = *std::max_element(design.choices.begin(), design.choices.end());
    for (const std::string& name : choices.other_names[c]) {
      design.aliases.push_back(
          c == 0 ? name
                 : fmt::format("{}@{}", name, engine::mask_of(space.assignment(design), model)));
    }
  }
}

void add_list(DesignSpace& space, Choices& choices, const model::Int8Model& model,
              const std::vector<engine::Assignment>& assignments) {
  std::map<std::vector<std::uint16_t>, std::size_t> known = {{space.designs[0].choices, 0}};
  std::vector<std::string> texts = {"exact"};
  for (const engine::Assignment& assignment : assignments) {
    std::vector<std::uint16_t> digits;
    digits.reserve(assignment.multipliers.size());
    for (const MultiplierPtr& m : assignment.multipliers) digits.push_back(choices.add(m));
    const std::string text = engine::to_string(assignment, model);
    const auto [entry, is_new] = known.try_emplace(digits, space.designs.size());
    if (is_new) {
      space.designs.push_back({digits, {}});
      texts.push_back(text);
    } else if (text != texts[entry->second]) {
      space.designs[entry->second].aliases.push_back(text);
    }
  }
  space.choices = choices.distinct;
  space.num_listed = assignments.size() + 1;
}

void sort_aliases(DesignSpace& space) {
  for (Design& design : space.designs) {
    std::sort(design.aliases.begin(), design.aliases.end());
    design.aliases.erase(std::unique(design.aliases.begin(), design.aliases.end()),
                         design.aliases.end());
  }
}

}  // namespace

engine::Assignment DesignSpace::assignment(const Design& design) const {
  engine::Assignment result;
  for (const std::uint16_t c : design.choices) result.multipliers.push_back(choices[c]);
  return result;
}

DesignSpace make_design_space(const model::Int8Model& model, const DesignSpaceParams& params) {
  const std::size_t num_layers = model::computing_nodes(model).size();
  Choices choices;
  DesignSpace space;
  space.designs.push_back({std::vector<std::uint16_t>(num_layers, 0), {}});
  if (!params.assignments.empty()) {
    check_size(static_cast<double>(params.assignments.size()));
    add_list(space, choices, model, params.assignments);
  } else {
    for (const MultiplierPtr& m : params.multipliers) choices.add(m);
    space.choices = choices.distinct;
    check_size(space_size(space.choices.size() - 1, num_layers, params.mixed));
    const double listed = space_size(params.multipliers.size(), num_layers, params.mixed);
    space.num_listed = static_cast<std::uint64_t>(std::min(listed, 1e18));
    if (params.mixed) {
      add_mixed(space, num_layers);
    } else {
      add_subsets(space, num_layers);
    }
  }
  if (!params.mixed && params.assignments.empty()) add_name_aliases(space, choices, model);
  sort_aliases(space);
  space.notes = choices.notes();
  return space;
}

std::vector<std::size_t> depth_first_order(const std::vector<Design>& designs) {
  std::vector<std::size_t> order(designs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return designs[a].choices < designs[b].choices; });
  return order;
}

}  // namespace deepaxe::explore
