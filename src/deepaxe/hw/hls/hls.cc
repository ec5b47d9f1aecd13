#include "deepaxe/hw/hls/hls.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "deepaxe/hw/design/identifier.h"
#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/computing_source.h"
#include "deepaxe/hw/hls/elementwise_source.h"
#include "deepaxe/hw/hls/fixed_source.h"
#include "deepaxe/hw/hls/layer_function.h"
#include "deepaxe/hw/hls/multiplier_source.h"
#include "deepaxe/hw/hls/nest.h"
#include "deepaxe/hw/hls/project_readme.h"
#include "deepaxe/hw/hls/reserved.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/hw/hls/testbench_source.h"
#include "deepaxe/hw/hls/tool_scripts.h"
#include "deepaxe/hw/hls/weight_source.h"

namespace deepaxe::hw::hls {
namespace {

using design::Flatten;
using model::Int8Model;

struct Design {
  const Int8Model& model;
  design::DesignPlan plan;
  MultiplierSet multipliers;
  std::string top;
  const HlsParams& params;

  std::size_t num_inputs() const { return model::num_elements(model.input_shape()); }
  std::size_t num_logits() const { return size_of(plan.logits_node); }
  std::size_t size_of(int node) const {
    return model::num_elements(model.nodes[static_cast<std::size_t>(node)].shape);
  }
  std::string top_declaration() const {
    return fmt::format("void {}(const std::int8_t image[{}], std::int8_t logits[{}])", top,
                       num_inputs(), num_logits());
  }
};

std::string accelerator_header(const Design& design) {
  const auto& input = design.model.nodes.front();
  SourceWriter out;
  out.comment(fmt::format("{}: int8 inference of one image.", design.top));
  out.line("#pragma once");
  out.line();
  out.line("#include <cstdint>");
  out.line();
  out.line(fmt::format("const int kNumInputs = {};  // {}, channels fastest.", design.num_inputs(),
                       model::to_string(input.shape)));
  out.line(fmt::format("const int kNumLogits = {};", design.num_logits()));
  out.line();
  out.comment(
      fmt::format("image: codes of the input; a real number r has the code "
                  "{}. logits: codes of the last layer before softmax; the "
                  "class is the index of the first largest one.",
                  input.quant.scale, input.quant.zero_point));
  out.comment("Not reentrant: the arrays between the layers are static.");
  out.line(design.top_declaration() + ";");
  return out.text() + std::string(kTrace);
}

void write_top_function(SourceWriter& out, const Design& design) {
  out.line();
  out.open(design.top_declaration());
  for (const design::LayerPlan& layer : design.plan.layers) {
    if (layer.target != "logits") {
      out.line(fmt::format("static std::int8_t {}[{}];", layer.target, design.size_of(layer.node)));
    }
  }
  for (const design::LayerPlan& layer : design.plan.layers) {
    std::string arguments;
    for (const std::string& source : layer.sources) {
      arguments += source + ", ";
    }
    out.line(fmt::format("{}({}{});", layer.name, arguments, layer.target));
    out.line(fmt::format("DEEPAXE_LAYER_DONE({}, {});", layer.target, design.size_of(layer.node)));
  }
  out.close();
}

Nest nest_of(const Design& design, const design::LayerPlan& layer) {
  const design::LayerShape shape = design::layer_shape(design.model, layer.node);
  const auto& op = design.model.nodes[static_cast<std::size_t>(layer.node)].op;
  const bool is_dense = std::holds_alternative<model::Dense>(op);
  if (design.params.profile == Profile::kDeephls) {
    return make_paper_nest(layer.name, shape, is_dense);
  }
  const std::vector<int>& outputs = design.params.parallel_outputs;
  const int parallel =
      outputs.empty() ? 1 : outputs[static_cast<std::size_t>(layer.computing_index)];
  return make_nest(layer.name, shape, is_dense, parallel, design.params.loops);
}

std::string accelerator_source(const Design& design) {
  SourceWriter out;
  out.comment("One function for each layer; the top function, at the end, calls them in order.");
  for (const char* header :
       {"accelerator.h", "arithmetic.h", "multipliers.h", "pragmas.h", "weights.h"}) {
    out.line(fmt::format("#include \"{}\"", header));
  }
  for (const design::LayerPlan& layer : design.plan.layers) {
    if (layer.computing_index < 0) {
      write_elementwise_layer(out, design.model, layer, design.params.profile);
      continue;
    }
    const auto index = static_cast<std::size_t>(layer.computing_index);
    write_computing_layer(out, design.model,
                          {.plan = layer,
                           .multiply = design.multipliers.function_of(index),
                           .multiplier = design.multipliers.describe(index),
                           .nest = nest_of(design, layer)});
  }
  write_top_function(out, design);
  return out.text();
}

std::string weights_header(const Design& design) {
  SourceWriter out;
  out.comment(
      "Weights [output][kernel position and input channel], biases, and the factor mantissa "
      "* 2^(shift - 31) that brings a sum to the output's scale. A bias is the stored one "
      "minus input zero point times the sum of the weights of its output.");
  out.line("#pragma once");
  out.line();
  out.line("#include <cstdint>");
  for (const design::LayerPlan& layer : design.plan.layers) {
    if (layer.computing_index >= 0) {
      write_arrays(out, layer.name, design::layer_shape(design.model, layer.node),
                   design::layer_arrays(design.model, layer.node));
    }
  }
  return out.text();
}

void check_arguments(const Int8Model& model, std::size_t num_multipliers,
                     const design::TestVectors& vectors, const HlsParams& params) {
  const std::size_t num_computing = model::computing_nodes(model).size();
  if (num_multipliers != num_computing) {
    throw std::invalid_argument(
        fmt::format("{} multipliers, expected {}, one for each computing "
                    "layer",
                    num_multipliers, num_computing));
  }
  const std::vector<int>& outputs = params.parallel_outputs;
  const bool is_right_size = outputs.empty() || outputs.size() == num_computing;
  if (!is_right_size || std::ranges::any_of(outputs, [](int n) { return n < 1; }) ||
      params.loops.unroll < 1) {
    throw std::invalid_argument(
        fmt::format("parallel outputs of {} layers, expected {}, each and the unrolling at least 1",
                    outputs.size(), num_computing));
  }
  const auto count = static_cast<std::size_t>(vectors.count);
  const auto& logits = model.nodes.at(static_cast<std::size_t>(model::logits_node(model)));
  if (vectors.images.size() != count * model::num_elements(model.input_shape()) ||
      vectors.logits.size() != count * model::num_elements(logits.shape)) {
    throw std::invalid_argument(fmt::format("test vectors of {} and {} elements for {} images",
                                            vectors.images.size(), vectors.logits.size(), count));
  }
}

Flatten flatten_of(Profile profile) {
  return profile == Profile::kDeephls ? Flatten::kCopies : Flatten::kRenames;
}

}  // namespace

std::vector<int> traced_nodes(const Int8Model& model, Profile profile) {
  std::vector<int> nodes;
  for (const design::LayerPlan& layer :
       design::make_plan(model, is_reserved, flatten_of(profile)).layers) {
    nodes.push_back(layer.node);
  }
  return nodes;
}

design::SourceFiles generate_hls(const Int8Model& model,
                                 std::span<const arith::NamedMultiplier* const> multipliers,
                                 const design::TestVectors& vectors, const HlsParams& params) {
  check_arguments(model, multipliers.size(), vectors, params);
  Design design{.model = model,
                .plan = design::make_plan(model, is_reserved, flatten_of(params.profile)),
                .multipliers = MultiplierSet(multipliers, params),
                .top = design::make_identifier(params.name, "accelerator_"),
                .params = params};
  for (const design::LayerPlan& layer : design.plan.layers) {
    if (layer.name == design.top) design.top += "_accelerator";
  }
  const ScriptParams scripts{.top = design.top,
                             .black_boxes = design.multipliers.black_boxes(),
                             .part = params.part,
                             .clock_ns = params.clock_ns};
  design::SourceFiles files = {
      {"accelerator.h", accelerator_header(design)},
      {"accelerator.cpp", accelerator_source(design)},
      {"weights.h", weights_header(design)},
      {"arithmetic.h", std::string(kArithmetic)},
      {"pragmas.h", std::string(kPragmas)},
      {"testbench.cpp", testbench_source(design.top)},
      {"vectors.txt", vectors_text(vectors, design.num_inputs(), design.num_logits())},
      {"Makefile", makefile(scripts)},
      {"vitis.tcl", vitis_script(scripts)},
      {"README.md",
       readme_text(model, design.plan, design.multipliers, params, design.top, vectors.count)}};
  design.multipliers.write(files);
  return files;
}

}  // namespace deepaxe::hw::hls
