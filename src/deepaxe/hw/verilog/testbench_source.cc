#include "deepaxe/hw/verilog/testbench_source.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/verilog/weight_feed.h"

namespace deepaxe::hw::verilog {
namespace {

// In capitals with @: what the design puts in.
constexpr std::string_view kTestbench =
    R"(// Test bench: images through the streams, logits against the expected ones.
//   +images=N      only the first N
//   +stalls        streams of weights with gaps (where weights come from outside)
//   +dump          writes every memory after the first image: dump_NAME.hex
// Prints the cycles of the first image, of each layer's last write and of the whole, and the number
// of differing logits.
`timescale 1ns / 1ps
module testbench;
    localparam NUM_IMAGES = @NUM_IMAGES@, IMAGE_SIZE = @IMAGE_SIZE@, NUM_LOGITS = @NUM_LOGITS@;
    localparam MOST_PRINTED = 20;

    reg clock = 1'b0, resetn = 1'b0;
    always #5 clock = !clock;

    reg  [7:0]  in_data;
    reg         in_valid = 1'b0, in_last;
    wire        in_ready;
    wire [7:0]  out_data;
    wire        out_valid, out_last;
    reg  [3:0]  write_address, read_address;
    reg  [31:0] write_data;
    reg         write_valid = 1'b0, read_valid = 1'b0;
    wire        write_ready, write_data_ready, write_done, read_ready, read_done;
    wire [31:0] read_data;
    wire [1:0]  write_response, read_response;

@WEIGHT_FEED@    @TOP@ dut (
        .aclk(clock), .aresetn(resetn),
        .s_axis_tdata(in_data), .s_axis_tvalid(in_valid), .s_axis_tready(in_ready),
        .s_axis_tlast(in_last), .m_axis_tdata(out_data), .m_axis_tvalid(out_valid),
        .m_axis_tready(1'b1), .m_axis_tlast(out_last),
        .s_axil_awaddr(write_address), .s_axil_awvalid(write_valid),
        .s_axil_awready(write_ready), .s_axil_wdata(write_data), .s_axil_wvalid(write_valid),
        .s_axil_wready(write_data_ready), .s_axil_bresp(write_response),
        .s_axil_bvalid(write_done), .s_axil_bready(1'b1), .s_axil_araddr(read_address),
        .s_axil_arvalid(read_valid), .s_axil_arready(read_ready), .s_axil_rdata(read_data),
        .s_axil_rresp(read_response), .s_axil_rvalid(read_done), .s_axil_rready(1'b1)@WEIGHT_PORTS@
    );

    reg [7:0] images [0:NUM_IMAGES*IMAGE_SIZE-1];
    reg [7:0] expected [0:NUM_IMAGES*NUM_LOGITS-1];

`ifndef DEEPAXE_NETLIST
    // The cycle, from 0 at the start, in which each layer last wrote.
    integer cycle = 0;
@LAST_WRITES@    always @(posedge clock) begin
        cycle <= dut.core.start ? 1 : cycle + 1;
@RECORD_WRITES@    end

    task print_layers;
        begin
@PRINT_WRITES@        end
    endtask

    task dump;
        begin
@DUMP@        end
    endtask
`else
    // In a netlist the core has no names.
    task print_layers; begin end endtask
    task dump; begin end endtask
`endif

    integer num_images, image = 0, differences = 0;

    task check_logit(input integer index, input [7:0] logit);
        if (logit !== expected[image*NUM_LOGITS + index]) begin
            if (differences < MOST_PRINTED)
                $display("image %0d logit %0d: %0d, expected %0d", image, index, $signed(logit),
                         $signed(expected[image*NUM_LOGITS + index]));
            differences = differences + 1;
        end
    endtask

    localparam RESETTING = 0, CONTROL = 1, LOADING = 2, TAKING = 3, CYCLES = 4, STATUS = 5, END = 6;
    integer state = RESETTING, count = 0;
    initial begin
        $readmemh("images.hex", images);
        $readmemh("logits.hex", expected);
        if (!$value$plusargs("images=%d", num_images)) num_images = NUM_IMAGES;
        if (num_images > NUM_IMAGES) num_images = NUM_IMAGES;
    end

    always @(posedge clock) begin
        case (state)
            RESETTING: begin
                count  <= count + 1;
                resetn <= count >= 20;
                if (count == 24) begin
                    write_address <= 4'h0;
                    write_data    <= 32'h2;  // Automatic start.
                    write_valid   <= 1'b1;
                    state         <= CONTROL;
                end
            end
            CONTROL: if (write_ready) begin
                write_valid <= 1'b0;
                count       <= 0;
                state       <= LOADING;
            end
            LOADING: begin
                if (!in_valid || in_ready) begin
                    in_valid <= count < IMAGE_SIZE;
                    in_last  <= count == IMAGE_SIZE - 1;
                    if (count < IMAGE_SIZE) in_data <= images[image*IMAGE_SIZE + count];
                    count <= count < IMAGE_SIZE ? count + 1 : 0;
                    if (count == IMAGE_SIZE) state <= TAKING;
                end
            end
            TAKING: if (out_valid) begin
                check_logit(count, out_data);
                if (out_last != (count == NUM_LOGITS - 1)) $display("TLAST at logit %0d", count);
                count <= count + 1;
                if (count == NUM_LOGITS - 1) begin
                    count        <= 0;
                    read_address <= 4'h8;
                    read_valid   <= 1'b1;
                    state        <= CYCLES;
                    if (image == 0) print_layers;
                    if (image == 0 && $test$plusargs("dump")) dump;
                end
            end
            CYCLES: begin
                if (read_ready) read_valid <= 1'b0;
                if (read_done) begin
                    if (image == 0) $display("cycles %0d", read_data);
                    image <= image + 1;
                    state <= LOADING;
                    if (image == num_images - 1) begin
                        read_address <= 4'h4;
                        read_valid   <= 1'b1;
                        state        <= STATUS;
                    end
                end
            end
            STATUS: begin
                if (read_ready) read_valid <= 1'b0;
                if (read_done) begin
                    if (read_data[3]) $display("an image had a wrong length");
                    $display("%0d images, %0d differing logits of %0d", num_images, differences,
                             num_images * NUM_LOGITS);
                    state <= END;
                    $finish;
                end
            end
            default: ;
        endcase
    end
endmodule
)";

std::string dump_text(const std::string& memory) {
  return fmt::format("            $writememh(\"dump_{0}.hex\", dut.core.{0}.codes);\n", memory);
}

std::string codes_text(std::span<const std::int8_t> codes) {
  std::string text;
  for (const std::int8_t code : codes) text += hex_text(code, 8) + '\n';
  return text;
}

}  // namespace

void write_testbench(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                     const design::TestVectors& vectors, const std::string& top) {
  std::string last_writes, records, prints;
  std::string dumps = dump_text("image");
  for (const LayerModule& layer : layers) {
    const std::string& name = layer.plan.name;
    last_writes += fmt::format("    integer {}_last_write = 0;\n", name);
    records += fmt::format("        if (dut.core.{0}_valid) {0}_last_write <= cycle;\n", name);
    prints +=
        fmt::format("            $display(\"layer {0} last write %0d\", {0}_last_write);\n", name);
    dumps += dump_text(layer.plan.target);
  }
  const auto& model = layers.front().model;
  std::string text(kTestbench);
  text = base::replaced(text, "@NUM_IMAGES@", fmt::format("{}", vectors.count));
  text = base::replaced(text, "@IMAGE_SIZE@",
                        fmt::format("{}", model::num_elements(model.input_shape())));
  text = base::replaced(text, "@NUM_LOGITS@",
                        fmt::format("{}", model::num_elements(layers.back().node().shape)));
  text = base::replaced(text, "@TOP@", top);
  const WeightFeed feed = weight_feed(layers);
  text = base::replaced(text, "@WEIGHT_FEED@", feed.declarations);
  text = base::replaced(text, "@WEIGHT_PORTS@", feed.ports);
  text = base::replaced(text, "@LAST_WRITES@", last_writes);
  text = base::replaced(text, "@RECORD_WRITES@", records);
  text = base::replaced(text, "@PRINT_WRITES@", prints);
  text = base::replaced(text, "@DUMP@", dumps);
  files["testbench.v"] = text + feed.source;
  files["images.hex"] = codes_text(vectors.images);
  files["logits.hex"] = codes_text(vectors.logits);
}

}  // namespace deepaxe::hw::verilog
