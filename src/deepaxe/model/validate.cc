// Validation: what every other library may rely on once a model has been loaded.
#include <fmt/format.h>

#include <cmath>
#include <set>
#include <stdexcept>

#include "deepaxe/base/input_error.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::model {
namespace {

// Reports one layer of one file.
struct Reporter {
  const std::string& file;
  const std::string& layer;

  [[noreturn]] void refuse(std::string found, std::string expected) const {
    throw base::InputError({.file = file,
                            .place = "layer " + layer,
                            .found = std::move(found),
                            .expected = std::move(expected)});
  }
};

template <typename Node>
void check_inputs(const Node& node, int index, const Reporter& report) {
  if (std::holds_alternative<Input>(node.op) != (index == 0)) {
    report.refuse(index == 0 ? "no input layer" : "a second input layer",
                  "one input layer, the first");
  }
  for (const int input : node.inputs) {
    if (input < 0 || input >= index) {
      report.refuse(fmt::format("reads layer number {}", input),
                    fmt::format("an earlier layer, below {}", index));
    }
  }
}

template <typename Node>
void check_shape(const Graph<Node>& graph, const Node& node, const Reporter& report) {
  for (const int size : node.shape) {
    if (size < 1) report.refuse("shape " + to_string(node.shape), "sizes of at least 1");
  }
  Shape inferred;
  try {
    inferred = infer_shape(graph, node);
  } catch (const std::invalid_argument& error) {
    report.refuse(error.what(), "");
  }
  if (inferred != node.shape) {
    report.refuse("output shape " + to_string(node.shape), to_string(inferred));
  }
}

void check_bias(std::size_t found, std::size_t expected, const Reporter& report) {
  if (found != expected) {
    report.refuse(fmt::format("{} biases", found), std::to_string(expected));
  }
}

void check_values(const FloatNode& node, const Reporter& report) {
  const auto channels = static_cast<std::size_t>(num_channels(node.shape));
  const bool affine = std::holds_alternative<Affine>(node.op);
  if (affine || !node.bias.empty()) {
    check_bias(node.bias.size(), affine || is_computing(node.op) ? channels : 0, report);
  }
  for (const std::vector<float>* values : {&node.weights, &node.bias}) {
    for (const float value : *values) {
      if (!std::isfinite(value)) report.refuse("a weight that is not finite", "finite weights");
    }
  }
}

void check_quant(const quant::QuantParams& quant, const Reporter& report) {
  if (!(quant.scale > 0) || !std::isfinite(quant.scale)) {
    report.refuse(fmt::format("scale {}", quant.scale), "a positive finite scale");
  }
  if (quant.zero_point < -128 || quant.zero_point > 127) {
    report.refuse(fmt::format("zero point {}", quant.zero_point), "-128 to 127");
  }
}

void check_values(const Int8Node& node, const Reporter& report) {
  check_quant(node.quant, report);
  check_quant(node.constant_quant, report);
  if (node.clamp_low < -128 || node.clamp_high > 127 || node.clamp_low > node.clamp_high) {
    report.refuse(fmt::format("clamp to [{}, {}]", node.clamp_low, node.clamp_high),
                  "a range within [-128, 127]");
  }
  if (!is_computing(node.op)) return;
  const auto channels = static_cast<std::size_t>(num_channels(node.shape));
  check_bias(node.bias.size(), channels, report);
  if (node.weight_scales.size() != 1 && node.weight_scales.size() != channels) {
    report.refuse(fmt::format("{} weight scales", node.weight_scales.size()),
                  fmt::format("1 or {}", channels));
  }
  for (const float scale : node.weight_scales) {
    if (!(scale >= 0) || !std::isfinite(scale)) {
      report.refuse(fmt::format("weight scale {}", scale), "a finite scale of at least 0");
    }
  }
}

template <typename Node>
void validate_graph(const Graph<Node>& graph, const std::string& file) {
  if (graph.nodes.empty()) {
    throw base::InputError(
        {.file = file, .place = "", .found = "no layer", .expected = "a network"});
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const Reporter report{file, node.name};
    if (!names.insert(node.name).second) report.refuse("the name twice", "unique names");
    check_inputs(node, static_cast<int>(i), report);
    check_shape(graph, node, report);
    check_values(node, report);
  }
  if (graph.output < 0 || static_cast<std::size_t>(graph.output) >= graph.nodes.size()) {
    throw base::InputError({.file = file,
                            .place = "output",
                            .found = fmt::format("layer number {}", graph.output),
                            .expected = fmt::format("below {}", graph.nodes.size())});
  }
}

}  // namespace

void validate(const FloatModel& model, const std::string& file) { validate_graph(model, file); }
void validate(const Int8Model& model, const std::string& file) { validate_graph(model, file); }

}  // namespace deepaxe::model
