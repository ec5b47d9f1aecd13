#include "deepaxe/cli/hardware_space_options.h"

#include <fmt/format.h>

#include <optional>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/cli/verilog_accelerator.h"
#include "deepaxe/explore/hardware_space.h"

namespace deepaxe::cli {
namespace {

// Each item by `parse`.
template <typename Value>
std::vector<Value> parse_items(const char* option, const std::string& text, const char* expected,
                               std::optional<Value> (*parse)(std::string_view) noexcept) {
  std::vector<Value> values;
  for (const std::string_view item : base::split_items(text)) {
    const std::optional<Value> value = parse(item);
    if (!value) throw base::InputError({option, "", std::string(item), expected});
    values.push_back(*value);
  }
  if (values.empty()) throw base::InputError({option, "", "nothing", expected});
  return values;
}

// The alternatives named for each layer; one item names one layer.
std::vector<std::vector<int>> choices_by_layer(const std::vector<std::string_view>& items,
                                               const model::Int8Model& model) {
  std::vector<std::vector<int>> choices(model::computing_nodes(model).size());
  for (const std::string_view item : items) {
    const std::vector<int> alone = parse_parallel_outputs(item, model);
    const std::string_view name = item.substr(0, item.find('='));
    for (std::size_t l = 0; l < choices.size(); ++l) {
      const int node = model::computing_nodes(model)[l];
      if (model.nodes[static_cast<std::size_t>(node)].name == name) choices[l].push_back(alone[l]);
    }
  }
  for (std::vector<int>& choice : choices) {
    if (choice.empty()) choice.push_back(1);
  }
  return choices;
}

std::vector<std::vector<int>> combinations(const std::vector<std::vector<int>>& choices) {
  constexpr std::size_t kMost = 1'000'000;
  std::vector<std::vector<int>> all = {{}};
  for (const std::vector<int>& choice : choices) {
    if (all.size() * choice.size() > kMost) {
      throw base::InputError(
          {"--outputs", "", "more combinations", fmt::format("at most {}", kMost)});
    }
    std::vector<std::vector<int>> longer;
    for (const std::vector<int>& begun : all) {
      for (const int n : choice) {
        longer.push_back(begun);
        longer.back().push_back(n);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace

void add_hardware_space_options(CLI::App& command, HardwareSpaceArguments& arguments) {
  command
      .add_option("--outputs", arguments.outputs,
                  "Outputs of a layer computed in parallel, alternatives by commas: N,N for all "
                  "layers, or LAYER=N,LAYER=N (a layer named twice has two; 1 for the others)")
      ->capture_default_str();
  command
      .add_option("--baseline", arguments.baselines,
                  "What exact multipliers are made of, alternatives by commas: dsp (DSP48), native "
                  "(LUT carry chains), gate (the gate-level exact circuit, as the paper compares)")
      ->capture_default_str();
  command
      .add_option("--memory", arguments.memories,
                  "What memories are made of, alternatives by commas: block, distributed (LUTs)")
      ->capture_default_str();
  add_cycles_option(command, arguments.cycles);
  add_part_option(command, arguments.part, "a design that it cannot hold is infeasible");
  add_source_options(command, arguments.source, "model (closed forms) or yosys");
}

std::vector<std::vector<int>> parse_output_alternatives(std::string_view text,
                                                        const model::Int8Model& model) {
  const std::vector<std::string_view> items = base::split_items(text);
  if (text.find('=') != std::string_view::npos) {
    return combinations(choices_by_layer(items, model));
  }
  std::vector<std::vector<int>> alternatives;
  for (const std::string_view item : items) {
    alternatives.push_back(parse_parallel_outputs(item, model));
  }
  if (alternatives.empty()) throw base::InputError({"--outputs", "", "nothing", "numbers"});
  return alternatives;
}

std::vector<hw::cost::HardwareParams> to_variants(const HardwareSpaceArguments& arguments,
                                                  const model::Int8Model& model) {
  const explore::HardwareSpaceParams space{
      .outputs = parse_output_alternatives(arguments.outputs, model),
      .baselines = parse_items("--baseline", arguments.baselines, "dsp, native or gate",
                               hw::cost::parse_baseline),
      .memories = parse_items("--memory", arguments.memories, "block or distributed",
                              hw::cost::parse_memory_style)};
  const HardwareArguments common{.outputs = "1",
                                 .baseline = "gate",
                                 .cycles = arguments.cycles,
                                 .part = arguments.part,
                                 .source = {}};
  return explore::hardware_variants(space, to_params(common, model));
}

}  // namespace deepaxe::cli
