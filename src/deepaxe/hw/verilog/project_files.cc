#include "deepaxe/hw/verilog/project_files.h"

#include <fmt/format.h>

#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/design/schedule.h"
#include "deepaxe/hw/design/weight_traffic.h"
#include "deepaxe/hw/verilog/ip_xact.h"
#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

// @TOP@: the top module. @NODSP@: of designs with native multipliers.
constexpr std::string_view kMakefile =
    R"(# make sim: the test bench under Verilator, multipliers as tables (fast).
# make gates: the same with multipliers as they are synthesized. make icarus: under Icarus Verilog.
# make synth: yosys for 7-series devices; build/netlist.v, figures in build/synth.log.
# make faults: flips bits of registers and memories, see fault_bench.sv (Verilator).
# make netlist: a netlist without block RAM under Icarus, with the cell models of yosys, which have
# none; for small designs.
# ARGS: arguments of the test bench, such as +images=10 (see testbench.v).
TOP = @TOP@
SOURCES := $(shell cat sources.f)
CONSTANTS := $(wildcard *.hex)
VERILATOR = verilator --binary --timing -O3 -Wno-fatal -Wno-lint --top-module testbench
VERILATOR += -CFLAGS "-O1" $(DEFINES)
IVERILOG = iverilog -g2005 $(DEFINES)
CELLS ?= /usr/share/yosys/xilinx/cells_sim.v
ARGS ?=

sim: build/tables/Vtestbench
	./build/tables/Vtestbench $(ARGS)

gates: build/gates/Vtestbench
	./build/gates/Vtestbench $(ARGS)

icarus: build/testbench.vvp
	vvp -n build/testbench.vvp $(ARGS)

synth: build/netlist.v

netlist: build/netlist.vvp
	vvp -n build/netlist.vvp $(ARGS)

build/tables/Vtestbench: $(SOURCES) testbench.v
	mkdir -p build
	$(VERILATOR) -DDEEPAXE_TABLES -Mdir build/tables $(SOURCES) testbench.v >build/tables.log 2>&1 \
	  || { tail -n 20 build/tables.log; exit 1; }

build/gates/Vtestbench: $(SOURCES) testbench.v
	mkdir -p build
	$(VERILATOR) -Mdir build/gates $(SOURCES) testbench.v >build/gates.log 2>&1 \
	  || { tail -n 20 build/gates.log; exit 1; }

build/testbench.vvp: $(SOURCES) testbench.v
	mkdir -p build
	$(IVERILOG) -DDEEPAXE_TABLES -s testbench -o $@ $(SOURCES) testbench.v

# Native multipliers need -nodsp, for yosys has no other way to keep * out of DSP slices.
SYNTHESIS = synth_xilinx -family xc7 -nowidelut -noiopad -flatten@NODSP@ -top $(TOP)

build/netlist.v: $(SOURCES) $(CONSTANTS)
	mkdir -p build
	yosys -q -l build/synth.log -p "read_verilog -defer $(SOURCES); $(SYNTHESIS); \
	  write_verilog -noattr $@; tee -o build/stat.txt stat -tech xilinx"
	cat build/stat.txt

build/logic.v: $(SOURCES) $(CONSTANTS)
	mkdir -p build
	yosys -q -l build/logic.log -p "read_verilog -defer -DDEEPAXE_LOGIC_MEMORIES $(SOURCES); \
	  $(SYNTHESIS) -nobram -nodsp; write_verilog -noattr $@"

build/netlist.vvp: build/logic.v testbench.v
	iverilog -g2005-sv -DDEEPAXE_NETLIST -s testbench -o $@ build/logic.v testbench.v $(CELLS)

faults: build/faults/Vfault_bench
	./build/faults/Vfault_bench $(ARGS)

build/faults/Vfault_bench: $(SOURCES) fault_bench.sv fault_copies.cc
	mkdir -p build
	$(subst testbench,fault_bench,$(VERILATOR)) -Wno-MULTIDRIVEN -DDEEPAXE_TABLES \
	  -Mdir build/faults $(SOURCES) fault_bench.sv ../../fault_copies.cc >build/faults.log 2>&1 \
	  || { tail -n 20 build/faults.log; exit 1; }

clean:
	rm -rf build

.PHONY: sim gates icarus synth netlist faults clean
)";

constexpr std::string_view kVivado =
    R"(# Out-of-context synthesis and implementation: vivado -mode batch -source vivado.tcl
set part [expr {$argc > 0 ? [lindex $argv 0] : "xc7s100fgga676-1"}]
read_verilog [split [string trim [read [open sources.f]]]]
add_files [glob *.hex]
set_property file_type {Memory Initialization Files} [get_files *.hex]
read_xdc -mode out_of_context clock.xdc
synth_design -top @TOP@ -part $part -mode out_of_context -flatten_hierarchy rebuilt
opt_design
place_design
route_design
file mkdir build
report_utilization -hierarchical -file build/utilization.rpt
report_timing_summary -file build/timing.rpt
report_power -file build/power.rpt
)";

constexpr std::string_view kReadme = R"(
## Use

`make sim` sends the images of `images.hex` through the streams of `@TOP@` in Verilator, compares the
logits with `logits.hex` and prints the cycles. `make icarus` does so in Icarus Verilog, `make gates`
with the multipliers as they are synthesized. `make faults` flips bits of registers and memories while
an image is computed (`fault_bench.sv`; `deepaxe inject-rtl` runs whole campaigns). `make synth` maps
the whole to a 7-series device with yosys. Vivado: `vivado -mode batch -source vivado.tcl`.

Run tools in this folder: memories are initialized from the `.hex` files by name.

| file | what |
|---|---|
| `@TOP@.v` | top module: the core in its AXI shell |
| `core.v` | the layers and the memories between them |
| `layer_*.v` | one layer each: its engine with its constants |
| `multiply_*.v` | the multipliers |
| `*.hex` | weights, biases, factors, tables; `images.hex` and `logits.hex` of the test bench |
| all other `.v` | fixed modules; `walker.v` has the schedule of a layer, `@SHELL@.v` the registers |
| `testbench.v` `fault_bench.sv` `fault_copies.cc` | test benches |
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
  return {.layers = design::pipeline_schedule(model, outputs, 1).front().layers,
          .cycles_per_image = interval.cycles,
          .summary = fmt::format("an image every {} cycles, {} cycles from its first code on",
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

std::string readme(const std::vector<LayerModule>& layers, const MultiplierModules& multipliers,
                   const std::string& top, design::ImageSchedule schedule, double clock_mhz) {
  const model::Int8Model& model = layers.front().model;
  const Timing timing = timing_of(layers, schedule);
  std::string text = fmt::format(
      "# {}\n\nAn int8 accelerator for the network `{}` in Verilog-2005: {} in, {} logits out, {} "
      "layers,\n{}.\n",
      top, model.name, model::to_string(model.input_shape()),
      model::num_elements(layers.back().node().shape), layers.size(), timing.summary);
  const bool is_pipelined = schedule == design::ImageSchedule::kPipelined;
  std::string use = base::replaced(kReadme, "@TOP@", top);
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
  return text + weight_streams_text(layers, timing.cycles_per_image, clock_mhz);
}

}  // namespace

void write_project(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                   const MultiplierModules& multipliers, const std::string& top,
                   design::ImageSchedule schedule, double clock_mhz) {
  std::string sources;
  for (const auto& [name, content] : files) {
    if (name.ends_with(".v") && name != "testbench.v") sources += name + '\n';
  }
  files["sources.f"] = sources;
  std::string makefile = base::replaced(kMakefile, "@TOP@", top);
  files["Makefile"] =
      base::replaced(makefile, "@NODSP@", multipliers.has_native() ? " -nodsp" : "");
  files["clock.xdc"] =
      fmt::format("# {0} MHz.\ncreate_clock -name aclk -period {1:.3f} [get_ports aclk]\n",
                  clock_mhz, 1000 / clock_mhz);
  design::SourceFiles core;
  for (const auto& [name, content] : files) {
    const bool is_memory = name.ends_with(".hex") && name != "images.hex" && name != "logits.hex";
    if (is_memory || name == "clock.xdc" || (name.ends_with(".v") && name != "testbench.v")) {
      core[name] = content;
    }
  }
  files["component.xml"] = component_text(top, top_ports(layers), core);
  files["vivado.tcl"] = base::replaced(kVivado, "@TOP@", top);
  files["README.md"] = readme(layers, multipliers, top, schedule, clock_mhz);
}

}  // namespace deepaxe::hw::verilog
