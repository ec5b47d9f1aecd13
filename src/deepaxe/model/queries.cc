// Questions about a graph that need no weights: which node gives the logits, computes, stores.
#include "deepaxe/model/graph.h"

namespace deepaxe::model {
namespace {

template <typename Node>
const Node& node_at(const Graph<Node>& graph, int index) {
  return graph.nodes.at(static_cast<std::size_t>(index));
}

template <typename Node, typename Predicate>
std::vector<int> select(const Graph<Node>& graph, Predicate predicate) {
  std::vector<int> indices;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (predicate(graph.nodes[i].op)) indices.push_back(static_cast<int>(i));
  }
  return indices;
}

}  // namespace

template <typename Node>
int logits_node(const Graph<Node>& graph) {
  int index = graph.output;
  while (std::holds_alternative<Reshape>(node_at(graph, index).op)) {
    index = node_at(graph, index).inputs.at(0);
  }
  if (std::holds_alternative<Softmax>(node_at(graph, index).op)) {
    return node_at(graph, index).inputs.at(0);
  }
  return graph.output;
}

template <typename Node>
std::vector<int> computing_nodes(const Graph<Node>& graph) {
  return select(graph, is_computing);
}

template <typename Node>
std::vector<int> storing_nodes(const Graph<Node>& graph) {
  const int logits = logits_node(graph);
  std::vector<int> indices;
  for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
    const Op& op = node_at(graph, i).op;
    const bool is_final = i > logits && std::holds_alternative<Softmax>(op);
    if (std::holds_alternative<Input>(op) || std::holds_alternative<Reshape>(op) || is_final) {
      continue;
    }
    indices.push_back(i);
  }
  return indices;
}

template <typename Node>
std::int64_t num_macs(const Graph<Node>& graph, int node_index) {
  const Node& node = node_at(graph, node_index);
  if (!is_computing(node.op)) return 0;
  const Shape& input = node_at(graph, node.inputs.at(0)).shape;
  std::int64_t terms = num_channels(input);  // Products summed for one output element.
  if (const auto* conv = std::get_if<Conv2d>(&node.op)) {
    terms = terms / conv->groups * conv->window.kernel_h * conv->window.kernel_w;
  } else if (const auto* depthwise = std::get_if<DepthwiseConv2d>(&node.op)) {
    terms = std::int64_t{depthwise->window.kernel_h} * depthwise->window.kernel_w;
  }
  return static_cast<std::int64_t>(num_elements(node.shape)) * terms;
}

template int logits_node(const FloatModel&);
template int logits_node(const Int8Model&);
template std::vector<int> computing_nodes(const FloatModel&);
template std::vector<int> computing_nodes(const Int8Model&);
template std::vector<int> storing_nodes(const FloatModel&);
template std::vector<int> storing_nodes(const Int8Model&);
template std::int64_t num_macs(const FloatModel&, int);
template std::int64_t num_macs(const Int8Model&, int);

}  // namespace deepaxe::model
