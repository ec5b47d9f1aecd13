// Reports in the forms of Vivado, written by hand for the tests of this library.
#pragma once

#include <string>

namespace deepaxe::hw::vendor {

// After the elements that UG902 and UG1399 name.
inline std::string hls_text(const std::string& dsp_name, const std::string& latency) {
  return "<?xml version=\"1.0\"?>\n<profile><ReportVersion><Version>1.2</Version></ReportVersion>"
         "<UserAssignments><Part>xc7s100-x</Part><TopModelName>net</TopModelName>"
         "<TargetClockPeriod>10.00</TargetClockPeriod></UserAssignments>"
         "<PerformanceEstimates><SummaryOfTimingAnalysis><EstimatedClockPeriod>7.5"
         "</EstimatedClockPeriod></SummaryOfTimingAnalysis><SummaryOfOverallLatency>"
         "<Worst-caseLatency>" +
         latency + "</Worst-caseLatency><Interval-max>" + latency +
         "</Interval-max></SummaryOfOverallLatency></PerformanceEstimates>"
         "<AreaEstimates><Resources><BRAM_18K>3</BRAM_18K><" +
         dsp_name + ">4</" + dsp_name +
         "><FF>200</FF><LUT>300</LUT></Resources></AreaEstimates></profile>\n";
}

inline std::string utilization_text(const std::string& state, bool is_7_series, int luts) {
  const std::string unit = is_7_series ? "Slice" : "CLB";
  return "| Device       : some_part\n| Design State : " + state +
         "\n---\n\nUtilization Design Information\n\n1. " + unit +
         " Logic\n+------+\n| Site Type | Used | Fixed | Available | Util% |\n+------+\n| " + unit +
         " LUTs*  | " + std::to_string(luts) +
         " |  0 |  64000 | 0.1 |\n|   LUT as Logic | 90 | 0 | "
         "64000 | 0.1 |\n| " +
         unit +
         " Registers | 250 | 0 | 128000 | 0.2 |\n\n3. Memory\n"
         "| Block RAM Tile    |  2.5 | 0 | 120 | 2 |\n|   RAMB36/FIFO*    |  2 |  0 | 120 | 1 |\n\n"
         "4. DSP\n| DSPs      |    7 |   0 | 160 | 4 |\n";
}

inline std::string timing_text(const std::string& slack) {
  return "| Design Timing Summary\n| ---------------------\n---------\n\n"
         "    WNS(ns)      TNS(ns)  TNS Failing Endpoints\n    -------      -------  ------\n"
         "      " +
         slack +
         "        0.000                      0\n\n"
         "| Clock Summary\n| -------------\n\nClock  Waveform(ns)       Period(ns)      "
         "Frequency(MHz)\n-----  ------------       ----------      --------------\n"
         "aclk   {0.000 5.000}      10.000          100.000\n\n\n| Intra Clock Table\n";
}

inline std::string power_text(const std::string& total) {
  return "1. Summary\n+-----+\n| Total On-Chip Power (W)  | " + total +
         " |\n| Dynamic (W)              | 0.021 |\n| Device Static (W)        | 0.091 |\n"
         "| Confidence Level         | Low   |\n";
}

inline std::string cosim_text(const std::string& status) {
  return "Cosimulation Report for 'net'\n\n|   RTL    |  Status  |   min  |   avg  |   max  |   "
         "min  "
         "|   avg  |   max  |\n|      VHDL|        NA|  NA|  NA|  NA|  NA|  NA|  NA|\n|   Verilog| "
         "   "
         "  " +
         status + "|  100|  110|  120|  130|  130|  131| 2400|\n";
}

}  // namespace deepaxe::hw::vendor
