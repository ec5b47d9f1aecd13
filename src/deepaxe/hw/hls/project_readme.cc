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

## Multipliers

| layer | multiplier | identity (SHA-256 of its products) |
|---|---|---|
)";

}  // namespace

std::string readme_text(const model::Int8Model& model, const design::DesignPlan& plan,
                        const MultiplierSet& multipliers, const std::string& top, int num_vectors) {
  std::string text = fmt::format("# {}\n\n", top);
  text += fmt::format(
      "An int8 accelerator for the network `{}`: {} in, {} logits out, {} layers; "
      "portable C++\nfor high-level synthesis. {} test images.\n",
      model.name, model::to_string(model.input_shape()),
      model::num_elements(model.nodes[static_cast<std::size_t>(plan.logits_node)].shape),
      plan.layers.size(), num_vectors);
  text += kReadmeFiles;
  for (const design::LayerPlan& layer : plan.layers) {
    if (layer.computing_index >= 0) {
      const auto index = static_cast<std::size_t>(layer.computing_index);
      text += fmt::format("| `{}` | {} | `{}` |\n", layer.name, multipliers.describe(index),
                          multipliers.multiplier(index).multiplier.identity());
    }
  }
  return text;
}

}  // namespace deepaxe::hw::hls
