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

// An option that says something of each computing layer, as the commands of one design read it.
template <typename Value>
struct LayerOption {
  const char* name;
  Value usual;  ///< Of layers that are not named.
  std::vector<Value> (*parse)(std::string_view, const model::Int8Model&);
};

// The alternatives named for each layer; one item names one layer.
template <typename Value>
std::vector<std::vector<Value>> choices_by_layer(const LayerOption<Value>& option,
                                                 const std::vector<std::string_view>& items,
                                                 const model::Int8Model& model) {
  std::vector<std::vector<Value>> choices(model::computing_nodes(model).size());
  for (const std::string_view item : items) {
    const std::vector<Value> alone = option.parse(item, model);
    const std::string_view name = item.substr(0, item.find('='));
    for (std::size_t l = 0; l < choices.size(); ++l) {
      const int node = model::computing_nodes(model)[l];
      if (model.nodes[static_cast<std::size_t>(node)].name == name) choices[l].push_back(alone[l]);
    }
  }
  for (std::vector<Value>& choice : choices) {
    if (choice.empty()) choice.push_back(option.usual);
  }
  return choices;
}

template <typename Value>
std::vector<std::vector<Value>> combinations(const char* option,
                                             const std::vector<std::vector<Value>>& choices) {
  constexpr std::size_t kMost = 1'000'000;
  std::vector<std::vector<Value>> all = {{}};
  for (const std::vector<Value>& choice : choices) {
    if (all.size() * choice.size() > kMost) {
      throw base::InputError({option, "", "more combinations", fmt::format("at most {}", kMost)});
    }
    std::vector<std::vector<Value>> longer;
    for (const std::vector<Value>& begun : all) {
      for (const Value value : choice) {
        longer.push_back(begun);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

// Items without a layer are alternatives for all of them.
template <typename Value>
std::vector<std::vector<Value>> parse_alternatives(const LayerOption<Value>& option,
                                                   std::string_view text,
                                                   const model::Int8Model& model) {
  const std::vector<std::string_view> items = base::split_items(text);
  if (text.find('=') != std::string_view::npos) {
    for (const std::string_view item : items) {
      if (item.find('=') != std::string_view::npos) continue;
      throw base::InputError({option.name, std::string(item), "no layer beside items of layers",
                              "LAYER=" + std::string(item) + ", or no layers at all"});
    }
    return combinations(option.name, choices_by_layer(option, items, model));
  }
  std::vector<std::vector<Value>> alternatives;
  for (const std::string_view item : items) alternatives.push_back(option.parse(item, model));
  if (alternatives.empty()) {
    throw base::InputError({option.name, "", "nothing", "alternatives by commas"});
  }
  return alternatives;
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
  command
      .add_option("--schedule", arguments.schedules,
                  "When images are worked on, alternatives by commas: sequential, one at a time; "
                  "pipelined, each layer on one of its own (--cycles paper is then interval for "
                  "all designs)")
      ->capture_default_str();
  command
      .add_option("--weight-memory", arguments.weight_memories,
                  "Where weights lie, alternatives by commas: rom, external (a stream for each "
                  "layer), or LAYER=external,LAYER=external (a layer named twice has two; rom the "
                  "others)")
      ->capture_default_str();
  add_cycles_option(command, arguments.cycles);
  add_part_option(command, arguments.part, "a design that it cannot hold is infeasible");
  add_source_options(command, arguments.source, "model (closed forms) or yosys");
}

std::vector<std::vector<int>> parse_output_alternatives(std::string_view text,
                                                        const model::Int8Model& model) {
  return parse_alternatives<int>({"--outputs", 1, parse_parallel_outputs}, text, model);
}

std::vector<std::vector<bool>> parse_weight_alternatives(std::string_view text,
                                                         const model::Int8Model& model) {
  return parse_alternatives<bool>({"--weight-memory", false, parse_weight_memory}, text, model);
}

std::vector<hw::cost::HardwareParams> to_variants(const HardwareSpaceArguments& arguments,
                                                  const model::Int8Model& model) {
  const explore::HardwareSpaceParams space{
      .outputs = parse_output_alternatives(arguments.outputs, model),
      .baselines = parse_items("--baseline", arguments.baselines, "dsp, native or gate",
                               hw::cost::parse_baseline),
      .memories = parse_items("--memory", arguments.memories, "block or distributed",
                              hw::cost::parse_memory_style),
      .schedules = parse_items("--schedule", arguments.schedules, "sequential or pipelined",
                               hw::cost::parse_image_schedule),
      .external_weights = parse_weight_alternatives(arguments.weight_memories, model)};
  HardwareArguments common;
  common.cycles = arguments.cycles;
  common.part = arguments.part;
  return explore::hardware_variants(space, to_params(common, model));
}

}  // namespace deepaxe::cli
