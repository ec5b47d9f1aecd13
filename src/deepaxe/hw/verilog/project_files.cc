#include "deepaxe/hw/verilog/project_files.h"

#include <fmt/format.h>

#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/verilog/block_rams.h"
#include "deepaxe/hw/verilog/ip_xact.h"
#include "deepaxe/hw/verilog/project_readme.h"
#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

// Verilog that is synthesized.
bool is_source(std::string_view name) {
  return name.ends_with(".v") && name != "testbench.v" && name != kBlockRamsFile;
}

// @TOP@: the top module. @NODSP@: of designs with native multipliers.
constexpr std::string_view kMakefile =
    R"(# make sim: the test bench under Verilator, multipliers as tables (fast).
# make gates: the same with multipliers as they are synthesized. make icarus: under Icarus Verilog.
# make synth: yosys for 7-series devices; build/netlist.v, figures in build/synth.log.
# make faults: flips the bits that faults.txt names, see fault_bench.sv; outcomes in
# build/fault_results.txt (Verilator).
# make netlist: that netlist under Icarus, with the cell models of yosys and block_rams.v; slow.
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

# Names of models in place of cells that yosys has no models of.
build/simulated.v: build/netlist.v
	sed -e 's/^  RAMB18E1 #(/  block_ram_cell #(.ADDRESS_BITS(14),/' \
	  -e 's/^  RAMB36E1 #(/  block_ram_cell #(.ADDRESS_BITS(15),/' build/netlist.v >$@
	! grep 'RAMB[13][86]E1' $@

build/netlist.vvp: build/simulated.v testbench.v block_rams.v
	iverilog -g2005-sv -DDEEPAXE_NETLIST -s testbench -o $@ build/simulated.v testbench.v \
	  block_rams.v $(CELLS)

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
    R"(# Out-of-context synthesis and implementation; reports in the folder `reports`:
# vivado -mode batch -source vivado.tcl [-tclargs DEVICE]
set part [expr {$argc > 0 ? [lindex $argv 0] : "@DEVICE@"}]
if {$part eq ""} {
  puts "vivado.tcl: no device, expected -tclargs DEVICE, with package and speed grade"
  exit 1
}
read_verilog [split [string trim [read [open sources.f]]]]
add_files [glob *.hex]
set_property file_type {Memory Initialization Files} [get_files *.hex]
read_xdc -mode out_of_context clock.xdc
synth_design -top @TOP@ -part $part -mode out_of_context -flatten_hierarchy rebuilt
opt_design
place_design
route_design
file mkdir reports
report_utilization -file reports/utilization.rpt
report_utilization -hierarchical -file reports/hierarchy.txt
report_timing_summary -file reports/timing.rpt
report_power -file reports/power.rpt
)";

}  // namespace

void write_project(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                   const MultiplierModules& multipliers, const std::string& top,
                   const VerilogParams& params) {
  std::string sources;
  for (const auto& [name, content] : files) {
    if (is_source(name)) sources += name + '\n';
  }
  files["sources.f"] = sources;
  std::string makefile = base::replaced(kMakefile, "@TOP@", top);
  files["Makefile"] =
      base::replaced(makefile, "@NODSP@", multipliers.has_native() ? " -nodsp" : "");
  files["clock.xdc"] =
      fmt::format("# {0} MHz.\ncreate_clock -name aclk -period {1:.3f} [get_ports aclk]\n",
                  params.clock_mhz, 1000 / params.clock_mhz);
  design::SourceFiles core;
  for (const auto& [name, content] : files) {
    const bool is_memory = name.ends_with(".hex") && name != "images.hex" && name != "logits.hex";
    if (is_memory || name == "clock.xdc" || is_source(name)) core[name] = content;
  }
  files["component.xml"] = component_text(top, top_ports(layers), core);
  files["vivado.tcl"] =
      base::replaced(base::replaced(kVivado, "@TOP@", top), "@DEVICE@", params.device);
  files["README.md"] = readme_text(layers, multipliers, top, params);
}

}  // namespace deepaxe::hw::verilog
