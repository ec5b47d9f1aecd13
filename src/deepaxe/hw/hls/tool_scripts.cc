#include "deepaxe/hw/hls/tool_scripts.h"

#include <fmt/format.h>

#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/hls/fixed_source.h"

namespace deepaxe::hw::hls {
namespace {

// TOP, PART, CLOCK, BLACK_BOXES stand for the design's.
constexpr std::string_view kVitis =
    R"tcl(# Vitis HLS: C simulation, synthesis, co-simulation and export as IP, in the folder it is run in.
#   vitis_hls -f vitis.tcl
# Of the environment: STEPS="csim csynth cosim export" (all by default), PART, CLOCK_NS.
set source [file dirname [file normalize [info script]]]

proc setting {name default} {
    global env
    if {[info exists env($name)]} { return $env($name) }
    return $default
}

# A black box's description with its files at their places.
proc place_description {source function} {
    set in [open $source/$function.json]
    set text [read $in]
    close $in
    regsub -all {"([^"/]+\.(cpp|v))"} $text "\"$source/\\1\"" text
    set out [open $function.json w]
    puts -nonewline $out $text
    close $out
    return $function.json
}

set flags "-std=c++14 -DDEEPAXE_HLS_VITIS -I$source"
open_project -reset vitis
set_top TOP
add_files $source/accelerator.cpp -cflags $flags
foreach function {BLACK_BOXES} {
    add_files -blackbox [place_description $source $function]
}
add_files -tb $source/testbench.cpp -cflags $flags
add_files -tb $source/vectors.txt
open_solution -reset solution -flow_target vivado
set_part [setting PART PART_NAME]
create_clock -period [setting CLOCK_NS CLOCK] -name default
foreach step [setting STEPS "csim csynth cosim export"] {
    switch $step {
        csim    { csim_design }
        csynth  { csynth_design }
        cosim   { cosim_design }
        export  { export_design -format ip_catalog }
        default { error "STEPS: $step, expected csim, csynth, cosim or export" }
    }
}
exit
)tcl";

}  // namespace

std::string vitis_script(const ScriptParams& params) {
  std::string text = base::replaced(kVitis, "set_top TOP", "set_top " + params.top);
  text = base::replaced(text, "BLACK_BOXES", fmt::format("{}", fmt::join(params.black_boxes, " ")));
  text = base::replaced(text, "PART_NAME", params.part);
  return base::replaced(text, "CLOCK_NS CLOCK", fmt::format("CLOCK_NS {}", params.clock_ns));
}

std::string makefile(const ScriptParams& params) {
  std::string models;
  for (const std::string& function : params.black_boxes) models += fmt::format(" {}.cpp", function);
  std::string text = base::replaced(kMakefile, "BLACK_BOXES", models);
  text = base::replaced(text, "--top-fname=TOP", "--top-fname=" + params.top);
  return base::replaced(text, "--clock-period=CLOCK",
                        fmt::format("--clock-period={}", params.clock_ns));
}

}  // namespace deepaxe::hw::hls
