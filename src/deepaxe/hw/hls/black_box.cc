#include "deepaxe/hw/hls/black_box.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "deepaxe/arith/netlist_verilog.h"
#include "deepaxe/base/text.h"
#include "deepaxe/hw/hls/multiplier_source.h"
#include "deepaxe/hw/hls/source_writer.h"

namespace deepaxe::hw::hls {
namespace {

using Json = nlohmann::ordered_json;

// NAME: the function.
constexpr std::string_view kModule =
    R"(// Black box of NAME for Vitis HLS: a product a cycle, one cycle late.
module NAME (
    input  wire        ap_clk,
    input  wire        ap_rst,
    input  wire        ap_ce,
    input  wire        ap_start,
    input  wire        ap_continue,
    output wire        ap_idle,
    output wire        ap_ready,
    output wire        ap_done,
    input  wire [7:0]  a,
    input  wire [7:0]  b,
    output reg  [15:0] ap_return
);
    wire [15:0] product;
    NAME_gates circuit (.a(a), .b(b), .y(product));

    // A product that nobody has taken (ap_continue low) stays, and no new one begins.
    reg has_product;
    wire moves = ap_ce && (ap_continue || !has_product);
    always @(posedge ap_clk) begin
        if (ap_rst) begin
            has_product <= 1'b0;
        end else if (moves) begin
            has_product <= ap_start;
            ap_return <= product;
        end
    end
    assign ap_ready = ap_start && moves;
    assign ap_done = has_product;
    assign ap_idle = !ap_start && !has_product;
endmodule

)";

constexpr std::string_view kModel = R"(#ifdef DEEPAXE_TABULATE
static const Tabulated<NAME_gates> table;
std::int16_t NAME(std::int8_t a, std::int8_t b) { return table(a, b); }
#else
std::int16_t NAME(std::int8_t a, std::int8_t b) { return NAME_gates(a, b); }
#endif
)";

Json operand(const char* name) {
  return {{"c_name", name}, {"c_port_direction", "in"}, {"rtl_ports", {{"data_read_in", name}}}};
}

}  // namespace

std::string black_box_model(const std::string& function, const arith::Netlist& netlist) {
  SourceWriter out;
  out.comment(fmt::format("C model of the black box {}: the gates of its Verilog.", function));
  out.line("#include \"multipliers.h\"");
  out.line();
  write_gate_function(out, function + "_gates", netlist);
  return out.text() + base::replaced(kModel, "NAME", function);
}

std::string black_box_module(const std::string& function, const arith::Netlist& netlist) {
  return base::replaced(kModule, "NAME", function) +
         arith::to_verilog(netlist, function + "_gates");
}

std::string black_box_description(const std::string& function) {
  const Json json = {
      {"c_function_name", function},
      {"rtl_top_module_name", function},
      {"c_files", {{{"c_file", function + ".cpp"}, {"cflag", "-std=c++14"}}}},
      {"rtl_files", {function + ".v"}},
      {"c_parameters", {operand("a"), operand("b")}},
      {"c_return", {{"c_port_direction", "out"}, {"rtl_ports", {{"data_write_out", "ap_return"}}}}},
      {"rtl_common_signal",
       {{"module_clock", "ap_clk"},
        {"module_reset", "ap_rst"},
        {"module_clock_enable", "ap_ce"},
        {"ap_ctrl_chain_protocol_idle", "ap_idle"},
        {"ap_ctrl_chain_protocol_start", "ap_start"},
        {"ap_ctrl_chain_protocol_ready", "ap_ready"},
        {"ap_ctrl_chain_protocol_done", "ap_done"},
        {"ap_ctrl_chain_protocol_continue", "ap_continue"}}},
      {"rtl_performance", {{"latency", "1"}, {"II", "1"}}},
      // Vitis HLS shows these and cannot count: synthesis does.
      {"rtl_resource_usage",
       {{"FF", "17"}, {"LUT", "0"}, {"BRAM", "0"}, {"URAM", "0"}, {"DSP", "0"}}}};
  return json.dump(2) + "\n";
}

}  // namespace deepaxe::hw::hls
