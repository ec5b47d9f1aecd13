#include "deepaxe/hw/verilog/project_readme.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/design/schedule.h"
#include "deepaxe/hw/design/weight_traffic.h"
#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

constexpr std::string_view kReadme = R"(
## Use

`make sim` sends the images of `images.hex` through the streams of `@TOP@` in Verilator, compares the
logits with `logits.hex` and prints the cycles. `make icarus` does so in Icarus Verilog, `make gates`
with the multipliers as they are synthesized; both take much longer, so `ARGS=+images=2` sends the
first two images only (`ARGS="+images=2 +stalls"`: streams with gaps). `make faults` flips the bits
that `faults.txt` names while an image is computed, a few examples as it is written
(`fault_bench.sv`; `deepaxe inject-rtl` runs whole campaigns). `make synth` maps the whole to a
7-series device with yosys; `make netlist` simulates what came out, block RAM and DSP slices included
(minutes for small designs). Vivado: `vivado -mode batch -source vivado.tcl -tclargs DEVICE`@DEVICE@;
`deepaxe cost --source vivado:FOLDER/reports` reads its reports.

Run tools in this folder: memories are initialized from the `.hex` files by name.

| file | what |
|---|---|
| `@TOP@.v` | top module: the core in its AXI shell |
| `core.v` | the layers and the memories between them |
| `layer_*.v` | one layer each: its engine with its constants |
| `multiply_*.v` | the multipliers |
| `*.hex` | weights, biases, factors, tables; `images.hex` and `logits.hex` of the test bench |
| all other `.v` | fixed modules; `walker.v` has the schedule of a layer, `@SHELL@.v` the registers |
| `testbench.v` `fault_bench.sv` `fault_copies.cc` `faults.txt` | test benches |
| `block_rams.v` | models of block RAM cells for `make netlist` |
| `component.xml` | the folder as an IP core (IP-XACT): add it to the IP repositories of a Vivado project |
| `sources.f` `clock.xdc` `vivado.tcl` `Makefile` | for tools |

## Layers

@CYCLES@
| layer | cycle of the first read | of the last write | multiplier | identity (SHA-256 of its products) |
|---|---|---|---|---|
)";

constexpr std::string_view kWeightStreams = R"(
## Streams of weights

Each sends the words of its file in order, for every output position anew (an image takes whole runs
of the file; after a reset the stream must begin anew). A word is taken in each cycle in which the
layer reads an element; the layer waits while there is none, and the cycles above are those of
streams that never pause. At the clock of `clock.xdc`:

| stream | bits | file | bytes an image | mean MB/s | most MB/s |
|---|---|---|---|---|---|
)";

// What memory must deliver where weights come from outside.
std::string weight_streams_text(const std::vector<LayerModule>& layers, std::int64_t cycles,
                                double clock_mhz) {
  std::string text;
  for (const LayerModule& layer : layers) {
    if (!layer.has_weight_stream) continue;
    const design::WeightTraffic traffic = design::weight_traffic(layer.walk);
    text += fmt::format("| `{}` | {} | {} | {} | {:.1f} | {:.1f} |\n", weight_bus(layer),
                        8 * layer.walk.lanes, layer.file("weights"), traffic.bytes_per_image,
                        traffic.mean_bytes_per_second(cycles, 1e6 * clock_mhz) / 1e6,
                        traffic.bytes_per_cycle * clock_mhz);
  }
  return text.empty() ? text : std::string(kWeightStreams) + text;
}

// When layers read and write, and how long an image takes.
struct Timing {
  std::vector<design::LayerCycles> layers;
  std::int64_t cycles_per_image = 0;  // At a time at which images follow each other.
  std::string summary = {};           // "1234 cycles an image".
  std::string table = {};             // What the cycles in the table of layers are.
};

Timing timing_of(const std::vector<LayerModule>& layers, design::ImageSchedule schedule) {
  const model::Int8Model& model = layers.front().model;
  const std::vector<int> outputs = parallel_outputs_of(layers);
  if (schedule == design::ImageSchedule::kSequential) {
    Timing timing{.layers = design::schedule(model, outputs),
                  .table = "Cycles from 0, that of the start.\n"};
    timing.cycles_per_image = design::total_cycles(model, timing.layers);
    timing.summary = fmt::format("{} cycles an image", timing.cycles_per_image);
    return timing;
  }
  const design::PipelineInterval interval = design::pipeline_interval(model, outputs);
  return {
      .layers = design::pipeline_schedule(model, outputs, 1).front().layers,
      .cycles_per_image = interval.cycles,
      .summary = fmt::format("an image every {} cycles, {} cycles from its first code until its "
                             "logits are written; sending them takes a few\nmore, which the "
                             "test bench counts",
                             interval.cycles, design::pipeline_latency(model, outputs)),
      .table = fmt::format("Of an image alone (`make sim ARGS=+images=1` prints them); cycles "
                           "from 0, that of its first code. Once\nimages follow each other the "
                           "slowest stage, {}, sets the pace.\n",
                           interval.stage)};
}

// A layer that needs no row of its input begins at the reset.
std::string first_read_text(const design::LayerCycles& cycles) {
  return cycles.first_read < 0 ? "before" : fmt::format("{}", cycles.first_read);
}

}  // namespace

std::string readme_text(const std::vector<LayerModule>& layers,
                        const MultiplierModules& multipliers, const std::string& top,
                        const VerilogParams& params) {
  const model::Int8Model& model = layers.front().model;
  const Timing timing = timing_of(layers, params.schedule);
  std::string text = fmt::format(
      "# {}\n\nAn int8 accelerator for the network `{}` in Verilog-2005: {} in, {} logits out, {} "
      "layers,\n{}.\nClock of the constraints: {:g} MHz. Memories: {}.\n",
      top, model.name, model::to_string(model.input_shape()),
      model::num_elements(layers.back().node().shape), layers.size(), timing.summary,
      params.clock_mhz, params.memory == MemoryStyle::kBlock ? "block RAM" : "LUTs");
  const bool is_pipelined = params.schedule == design::ImageSchedule::kPipelined;
  std::string use = base::replaced(kReadme, "@TOP@", top);
  use = base::replaced(use, "@DEVICE@",
                       params.device.empty() ? "" : " (without: " + params.device + ")");
  use = base::replaced(use, "@SHELL@", is_pipelined ? "pipeline_shell" : "axi_shell");
  text += base::replaced(use, "@CYCLES@", timing.table);
  for (const LayerModule& layer : layers) {
    const design::LayerCycles& cycles = timing.layers[static_cast<std::size_t>(layer.plan.node)];
    text += fmt::format("| `{}` | {} | {} |", layer.plan.name, first_read_text(cycles),
                        cycles.last_write);
    if (layer.plan.computing_index < 0) {
      text += " | |\n";
      continue;
    }
    const auto index = static_cast<std::size_t>(layer.plan.computing_index);
    text += fmt::format(" {} x {} | `{}` |\n", layer.walk.lanes, multipliers.describe(index),
                        multipliers.identity(index));
  }
  return text + weight_streams_text(layers, timing.cycles_per_image, params.clock_mhz);
}

}  // namespace deepaxe::hw::verilog
