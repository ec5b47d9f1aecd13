// deepaxe inspect: layers, shapes, MACs, quantization, fault sites.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/cli/command.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/model/print.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

template <typename Node>
Json nodes_json(const model::Graph<Node>& graph) {
  Json nodes = Json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    Json inputs = Json::array();
    for (const int input : node.inputs) {
      inputs.push_back(graph.nodes[static_cast<std::size_t>(input)].name);
    }
    nodes.push_back({{"name", node.name},
                     {"op", model::op_name(node.op)},
                     {"inputs", inputs},
                     {"shape", node.shape},
                     {"macs", model::num_macs(graph, static_cast<int>(i))},
                     {"parameters", model::num_parameters(node)}});
  }
  return nodes;
}

void run(const WorkArguments& arguments, const CommonOptions& common) {
  const Network network = read_network(arguments);
  Json json = {{"model", arguments.model},
               {"precision", network.float_model ? "float" : "int8"},
               {"layers", network.float_model ? nodes_json(network.as_float())
                                              : nodes_json(network.as_int8())}};
  std::string table = network.float_model ? model::print_table(network.as_float())
                                          : model::print_table(network.as_int8());
  if (network.int8_model) {
    const fault::FaultSpace space(*network.int8_model);
    json["content_key"] = model::content_key(*network.int8_model);
    json["fault_sites"] = space.size();
    table += fmt::format("\nfault space: {} single bit flips in {} stored tensors\n", space.size(),
                         space.tensors().size());
    table += "mask of an assignment, one character each:";
    for (const int node : model::storing_nodes(*network.int8_model)) {
      const model::Int8Node& layer = network.int8_model->nodes[static_cast<std::size_t>(node)];
      table += fmt::format(" {}{}", layer.name, model::is_computing(layer.op) ? "" : " (-)");
    }
    table += "\n";
    table += fmt::format("model key:   {}\n", model::content_key(*network.int8_model));
  } else {
    table += "\nA float network: `deepaxe quantize` makes the int8 one, which has fault sites.\n";
  }
  fmt::print("{}", common.json ? json.dump(2) + "\n" : table);
}

}  // namespace

void add_inspect(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("inspect", "Layers, shapes, MACs, quantization, fault sites");
  const auto arguments = std::make_shared<WorkArguments>();
  add_model_options(*command, *arguments);
  finish_command(*command, selection,
                 [&selection, arguments] { run(*arguments, selection.common); });
}

}  // namespace deepaxe::cli
