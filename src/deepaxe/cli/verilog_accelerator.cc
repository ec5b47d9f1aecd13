#include "deepaxe/cli/verilog_accelerator.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/base/tool.h"

namespace deepaxe::cli {
namespace {

constexpr int kMostOutputs = 4096;

int parse_outputs(std::string_view text) {
  int outputs = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), outputs);
  if (error != std::errc() || end != text.data() + text.size() || outputs < 1 ||
      outputs > kMostOutputs) {
    throw base::InputError({"--outputs", "", std::string(text),
                            fmt::format("a number from 1 to {}, or LAYER=NUMBER", kMostOutputs)});
  }
  return outputs;
}

// "fc1=4" as the position among the computing layers and what is said of it.
std::pair<std::size_t, std::string_view> split_at_layer(std::string_view item,
                                                        const model::Int8Model& model,
                                                        const char* option, const char* form) {
  const std::size_t equals = item.find('=');
  const std::string_view name = item.substr(0, equals);
  const std::vector<int> nodes = model::computing_nodes(model);
  const auto node = std::ranges::find_if(
      nodes, [&](int index) { return model.nodes[static_cast<std::size_t>(index)].name == name; });
  if (equals == std::string_view::npos || node == nodes.end()) {
    throw base::InputError({option, "", std::string(item),
                            fmt::format("{} with the name of a computing layer", form)});
  }
  return {static_cast<std::size_t>(node - nodes.begin()), item.substr(equals + 1)};
}

// The number after the last `word` in the output of the test bench.
std::int64_t number_after(const std::string& text, std::string_view word) {
  const std::size_t at = text.rfind(word);
  if (at == std::string::npos) throw std::logic_error("the test bench ended without: " + text);
  return std::stoll(text.substr(at + word.size()));
}

// Calls take(layer, value) for each item of "fc1=4,conv1=2". Throws base::InputError for a layer
// that is not there, or there twice.
template <typename Take>
void for_each_layer_item(std::string_view text, const model::Int8Model& model, const char* option,
                         const char* form, const Take& take) {
  std::set<std::size_t> seen;
  for (const std::string_view item : base::split_items(text)) {
    const auto [layer, value] = split_at_layer(item, model, option, form);
    if (!seen.insert(layer).second) {
      throw base::InputError({option, "", "a second " + std::string(item), "each layer once"});
    }
    take(layer, value);
  }
}

}  // namespace

std::vector<int> parse_parallel_outputs(std::string_view text, const model::Int8Model& model) {
  const std::vector<int> nodes = model::computing_nodes(model);
  if (text.find('=') == std::string_view::npos) {
    return std::vector<int>(nodes.size(), parse_outputs(text));
  }
  std::vector<int> outputs(nodes.size(), 1);
  for_each_layer_item(
      text, model, "--outputs", "LAYER=NUMBER",
      [&](std::size_t layer, std::string_view value) { outputs[layer] = parse_outputs(value); });
  return outputs;
}

std::vector<bool> parse_weight_memory(std::string_view text, const model::Int8Model& model) {
  const std::vector<int> nodes = model::computing_nodes(model);
  const auto is_external = [](std::string_view where) {
    if (where == "external" || where == "rom") return where == "external";
    throw base::InputError({"--weight-memory", "", std::string(where), "rom or external"});
  };
  if (text.find('=') == std::string_view::npos) {
    return std::vector<bool>(nodes.size(), is_external(text));
  }
  std::vector<bool> streams(nodes.size(), false);
  for_each_layer_item(
      text, model, "--weight-memory", "LAYER=external",
      [&](std::size_t layer, std::string_view where) { streams[layer] = is_external(where); });
  return streams;
}

VerilogCheck verify_verilog(const std::filesystem::path& folder, double seconds) {
  const bool has_verilator = base::has_tool("verilator");
  if (!base::has_tool("make") || (!has_verilator && !base::has_tool("vvp", "-V"))) {
    throw base::InputError(
        {"--verify", "", "no simulator or no make", "verilator or iverilog, and make"});
  }
  const std::string output = base::run_tool(
      {"make", "-s", "-C", folder.string(), has_verilator ? "sim" : "icarus"}, seconds,
      fmt::format("more --verify-seconds, fewer images or a smaller network; what "
                  "the tools wrote is in {}/build/*.log",
                  folder.string()));
  VerilogCheck check{.simulator = has_verilator ? "Verilator" : "Icarus Verilog",
                     .images = 0,
                     .cycles = number_after(output, "cycles ")};
  if (number_after(output, "images, ") != 0) {
    throw std::logic_error("the generated Verilog differs from the engine: " + output);
  }
  const std::size_t line = output.rfind('\n', output.rfind(" images, "));
  check.images = std::stoll(output.substr(line == std::string::npos ? 0 : line + 1));
  return check;
}

}  // namespace deepaxe::cli
