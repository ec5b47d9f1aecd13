#include "deepaxe/hw/hls/project_readme.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace deepaxe::hw::hls {
namespace {

constexpr std::string_view kReadmeFiles = R"(
## Use

`make test` compiles the sources (`CXX=clang++` for another compiler) and compares the logits of the
images in `vectors.txt` with the expected ones; any difference is printed and makes it fail.
`make fast && build/testbench_fast IMAGES.bin LOGITS.bin` runs a whole test set: int8 images one
after the other in, int8 logits out. It fills the tables of gate-level multipliers at start.

`make trace && build/testbench_trace IMAGES.bin CODES.bin` writes the codes of every layer instead.

For synthesis take `accelerator.cpp` with the headers it includes; they need `<cstdint>` only.
Define `DEEPAXE_HLS_VITIS` or `DEEPAXE_HLS_BAMBU` to turn the directives on. `make vitis` runs
`vitis.tcl` (`STEPS="csim csynth" PART=... CLOCK_NS=... make vitis` for others than it was
generated for), `make bambu` PandA Bambu; neither tool has been run on these sources.

| file | what |
|---|---|
| `accelerator.h` `accelerator.cpp` | top function, one function for each layer |
| `weights.h` | weights, folded biases, requantization factors |
| `multipliers.h` | the multipliers |
| `arithmetic.h` | accumulation, rounding, clamping |
| `pragmas.h` | directives of HLS tools behind macros |
| `vitis.tcl` | C simulation, synthesis, co-simulation and export by Vitis HLS |
| `testbench.cpp` `vectors.txt` | test bench, images and expected logits |
)";

constexpr std::string_view kReadmeLayers = R"(
## Layers

| layer | outputs in parallel | multiplier | identity (SHA-256 of its products) |
|---|---|---|---|
)";

std::string_view order_text(LoopOrder order) {
  switch (order) {
    case LoopOrder::kPixel:
      return "place, output, products (`--loop-order pixel`)";
    case LoopOrder::kOutput:
      return "output, place, products (`--loop-order output`)";
    case LoopOrder::kInput:
      break;
  }
  return "place, products, output (`--loop-order input`)";
}

std::string_view pipeline_text(Pipeline pipeline) {
  switch (pipeline) {
    case Pipeline::kInner:
      return "the innermost is pipelined (`--pipeline inner`)";
    case Pipeline::kWindow:
      return "the one around a sum is pipelined (`--pipeline window`)";
    case Pipeline::kNone:
      break;
  }
  return "none is pipelined (`--pipeline none`)";
}

std::string loops_text(const HlsParams& params) {
  std::string text = "\n## Loops\n\n";
  if (params.profile == Profile::kDeephls) {
    return text +
           "Those of the paper's generator, whose cycles are its law (`--profile deephls`).\n";
  }
  return text + fmt::format(
                    "Of a computing layer, outermost first: {};\n{}.\n"
                    "Products of one sum side by side: {} (`--unroll`).\n",
                    order_text(params.loops.order), pipeline_text(params.loops.pipeline),
                    params.loops.unroll);
}

int outputs_of(const HlsParams& params, std::size_t index) {
  return params.parallel_outputs.empty() ? 1 : params.parallel_outputs.at(index);
}

}  // namespace

std::string readme_text(const model::Int8Model& model, const design::DesignPlan& plan,
                        const MultiplierSet& multipliers, const HlsParams& params,
                        const std::string& top, int num_vectors) {
  std::string text = fmt::format("# {}\n\n", top);
  text += fmt::format(
      "An int8 accelerator for the network `{}`: {} in, {} logits out, {} layers; "
      "portable C++\nfor high-level synthesis. {} test images.\n",
      model.name, model::to_string(model.input_shape()),
      model::num_elements(model.nodes[static_cast<std::size_t>(plan.logits_node)].shape),
      plan.layers.size(), num_vectors);
  text += kReadmeFiles;
  text += loops_text(params);
  text += kReadmeLayers;
  for (const design::LayerPlan& layer : plan.layers) {
    if (layer.computing_index >= 0) {
      const auto index = static_cast<std::size_t>(layer.computing_index);
      text += fmt::format("| `{}` | {} | {} | `{}` |\n", layer.name, outputs_of(params, index),
                          multipliers.describe(index),
                          multipliers.multiplier(index).multiplier.identity());
    }
  }
  return text;
}

}  // namespace deepaxe::hw::hls
