// axi_shell.v as a host sees it, in Icarus Verilog with a stand-in for the core.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "deepaxe/base/file.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/base/tool.h"
#include "deepaxe/hw/verilog/rtl.h"

namespace deepaxe::hw::verilog {
namespace {

// Images of 4 codes, 5 cycles each, 2 logits: the sum of the codes, and the image's number.
constexpr std::string_view kBench = R"(
module bench;
    reg clock = 0, reset = 1;
    always #1 clock = !clock;
    reg [7:0] in_data = 0; reg in_valid = 0, in_last = 0; wire in_ready;
    wire [7:0] out_data; wire out_valid, out_last; reg out_ready = 1;
    reg [3:0] write_address = 0, read_address = 0; reg [31:0] write_data = 0;
    reg write_valid = 0, read_valid = 0;
    wire write_ready, data_ready, write_done, read_ready, read_done;
    wire [31:0] read_data; wire [1:0] write_response, read_response;
    wire clear, write, start; wire [7:0] image_code; wire logit_address;
    reg [2:0] codes = 0, work = 0; reg [7:0] sum = 0, number = 0, logit = 0;
    always @(posedge clock) begin
        if (clear) {codes, sum} <= 0;
        else if (write) begin codes <= codes + 1; sum <= sum + image_code; end
        work <= reset ? 0 : start ? 5 : work - (work != 0);
        if (reset) number <= 0; else if (start) number <= number + 1;
        logit <= logit_address ? number : sum;
        if (out_valid && out_ready) $display("logit %0d, last %0d", out_data, out_last);
    end
    axi_shell #(.NUM_LOGITS(2), .ADDRESS_BITS(1)) shell (
        .clock(clock), .reset(reset),
        .s_axis_tdata(in_data), .s_axis_tvalid(in_valid), .s_axis_tready(in_ready),
        .s_axis_tlast(in_last), .m_axis_tdata(out_data), .m_axis_tvalid(out_valid),
        .m_axis_tready(out_ready), .m_axis_tlast(out_last),
        .s_axil_awaddr(write_address), .s_axil_awvalid(write_valid), .s_axil_awready(write_ready),
        .s_axil_wdata(write_data), .s_axil_wvalid(write_valid), .s_axil_wready(data_ready),
        .s_axil_bresp(write_response), .s_axil_bvalid(write_done), .s_axil_bready(1'b1),
        .s_axil_araddr(read_address), .s_axil_arvalid(read_valid), .s_axil_arready(read_ready),
        .s_axil_rdata(read_data), .s_axil_rresp(read_response), .s_axil_rvalid(read_done),
        .s_axil_rready(1'b1), .image_clear(clear), .image_write(write), .image_code(image_code),
        .image_last(codes == 3), .image_complete(codes == 4), .start(start), .busy(work != 0),
        .cycles(32'd7), .logit_address(logit_address), .logit_code(logit)
    );
    task send(input [7:0] first, input integer last);  // TLAST with code number `last`.
        integer i;
        begin
            @(posedge clock); #0;
            for (i = 0; i < 4; i = i + 1) begin
                in_data = first + i; in_last = i == last; in_valid = 1;
                @(negedge clock); while (!in_ready) @(negedge clock);
                @(posedge clock); #0;
            end
            in_valid = 0;
        end
    endtask
    task set(input [3:0] address, input [31:0] data);
        begin
            @(posedge clock); #0;
            write_address = address; write_data = data; write_valid = 1;
            @(negedge clock); while (!write_ready) @(negedge clock);
            @(posedge clock); #0 write_valid = 0;
            while (!write_done) @(negedge clock);
        end
    endtask
    task get(input [3:0] address);
        begin
            @(posedge clock); #0;
            read_address = address; read_valid = 1;
            @(negedge clock); while (!read_ready) @(negedge clock);
            @(posedge clock); #0 read_valid = 0;
            while (!read_done) @(negedge clock);
            $display("register %0d: %0d", address, read_data);
        end
    endtask
    initial begin
        repeat (4) @(negedge clock); reset = 0;
        send(10, 3);
        repeat (30) @(negedge clock); get(4);        // There, and nothing starts it.
        set(0, 1);
        repeat (30) @(negedge clock); get(0); get(4); get(8); get(12);
        set(0, 2);
        send(20, 1);                                 // Too early an end.
        repeat (30) @(negedge clock); get(0); get(4); get(12);
        set(4, 8); get(4);
        out_ready = 0; send(30, 3);
        repeat (30) @(negedge clock); get(4);        // A logit waits for who reads it.
        out_ready = 1; repeat (30) @(negedge clock); get(4); get(12);
        $finish;
    end
endmodule
)";

std::string simulated() {
  const base::ScratchFolder folder("deepaxe-shell");
  base::write_file_atomically(folder.path() / "bench.v", kBench);
  for (const auto& [name, text] : rtl_files()) {
    if (name.starts_with("axi_"))
      base::write_file_atomically(folder.path() / name, std::string_view(text));
  }
  return base::run_tool(
      {"sh", "-c",
       "cd " + folder.path().string() + " && iverilog -g2005 -s bench -o bench *.v && ./bench"},
      60, "");
}

TEST(AxiShell, StartsWhenToldCountsImagesAndRemembersAWrongLength) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  EXPECT_EQ(simulated(),
            "register 4: 2\n"  // An image is there.
            "logit 46, last 0\nlogit 1, last 1\n"
            "register 0: 0\nregister 4: 0\nregister 8: 7\nregister 12: 1\n"
            "logit 86, last 0\nlogit 2, last 1\n"
            "register 0: 2\nregister 4: 8\nregister 12: 2\n"
            "register 4: 0\n"
            "register 4: 6\n"  // Logits are being sent; the image is still there.
            "logit 126, last 0\nlogit 3, last 1\n"
            "register 4: 0\nregister 12: 3\n");
}

}  // namespace
}  // namespace deepaxe::hw::verilog
