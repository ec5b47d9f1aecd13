// block_rams.v in Icarus Verilog against flat memories of bits.
#include "deepaxe/hw/verilog/block_rams.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "deepaxe/base/file.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/base/tool.h"

namespace deepaxe::hw::verilog {
namespace {

// Words of one width written by port B, of another read by port A, at random; every word that is
// read is the one of before the cycle.
constexpr std::string_view kWidths = R"(
module pair #(parameter ADDRESS_BITS = 14, WRITE = 9, READ = 9) (input clock, done);
    localparam PINS = ADDRESS_BITS == 15 ? 32 : 16, BOTH = PINS / 8 * 18;
    localparam WRITE_BITS = WRITE < 9 ? WRITE : WRITE / 9 * 8;
    localparam READ_BITS = READ < 9 ? READ : READ / 9 * 8;
    reg [63:0] in; reg [7:0] parity_in, enables;
    reg [ADDRESS_BITS-1:0] from, to;
    wire [PINS-1:0] out_a, out_b; wire [PINS/8-1:0] parity_a, parity_b;
    wire [63:0] in_b = WRITE == BOTH ? in >> PINS : in;
    wire [7:0] parity_in_b = WRITE == BOTH ? parity_in >> PINS / 8 : parity_in;
    block_ram_cell #(
        .ADDRESS_BITS(ADDRESS_BITS), .READ_WIDTH_A(READ), .WRITE_WIDTH_B(WRITE),
        .WRITE_MODE_B("READ_FIRST"),
        .INIT_00(256'hd2), .INIT_01(256'h11 << 8), .INIT_3F({8'hab, 248'h0}), .INIT_40(256'h5c),
        .INIT_7F({8'he7, 248'h0}), .INITP_00(256'h1), .INITP_07({1'b1, 255'h0}),
        .INITP_08(256'h1), .INITP_0F({1'b1, 255'h0})
    ) ram (
        .CLKARDCLK(clock), .CLKBWRCLK(clock), .ENARDEN(1'b1), .ENBWREN(1'b1), .RSTRAMARSTRAM(1'b0),
        .RSTRAMB(1'b0), .ADDRARDADDR({1'b1, from}), .ADDRBWRADDR({1'b1, to}),
        .DIADI(in[PINS-1:0]), .DIBDI(in_b[PINS-1:0]), .DIPADIP(parity_in[PINS/8-1:0]),
        .DIPBDIP(parity_in_b[PINS/8-1:0]), .WEA({PINS/8{1'b0}}), .WEBWE(enables[PINS/4-1:0]),
        .DOADO(out_a), .DOBDO(out_b), .DOPADOP(parity_a), .DOPBDOP(parity_b)
    );
    reg bits [0:(1<<ADDRESS_BITS)-1], parities [0:(1<<(ADDRESS_BITS-3))-1];
    reg [63:0] expected; reg [7:0] expected_parity;
    wire [63:0] out = READ == BOTH ? {out_b, out_a} : out_a;
    wire [7:0] parity_out = READ == BOTH ? {parity_b, parity_a} : parity_a;
    integer i, differ = 0;
    // Few words, so that many are hit, that differ in every bit: the first and the last ones, and
    // those with one bit of the address that is not as theirs.
    function [ADDRESS_BITS-1:0] place(input integer any);
        place = {ADDRESS_BITS{any[31]}} ^ (1 << any[11:8]) ^ any[3:0] & {4{any[4]}};
    endfunction
    task draw;
        begin
            in = {$random, $random}; parity_in = $random; enables = $random;
            if (WRITE < 18) enables = {8{enables[0]}};
            from = place($random); to = place($random);
        end
    endtask
    initial begin
        for (i = 0; i < 1 << ADDRESS_BITS; i = i + 1) bits[i] = 0;
        for (i = 0; i < 1 << (ADDRESS_BITS - 3); i = i + 1) parities[i] = 0;
        for (i = 0; i < 8; i = i + 1) begin
            bits[i] = 8'hd2 >> i;
            bits[256+8+i] = 8'h11 >> i;        // INIT_01, its second byte.
            bits[16384-8+i] = 8'hab >> i;
        end
        parities[0] = 1; parities[2047] = 1;
        if (ADDRESS_BITS == 15) begin
            for (i = 0; i < 8; i = i + 1) begin
                bits[16384+i] = 8'h5c >> i;
                bits[32768-8+i] = 8'he7 >> i;
            end
            parities[2048] = 1; parities[4095] = 1;
        end
        draw;
    end
    always @(posedge clock) begin
        for (i = 0; i < READ_BITS; i = i + 1)
            expected[i] = bits[from / READ_BITS * READ_BITS + i];
        for (i = 0; i < READ / 9; i = i + 1)
            expected_parity[i] = parities[from / READ_BITS * READ_BITS / 8 + i];
        for (i = 0; i < WRITE_BITS; i = i + 1)
            if (enables[i/8]) bits[to / WRITE_BITS * WRITE_BITS + i] = in[i];
        for (i = 0; i < WRITE / 9; i = i + 1)
            if (enables[i]) parities[to / WRITE_BITS * WRITE_BITS / 8 + i] = parity_in[i];
    end
    always @(negedge clock) begin
        for (i = 0; i < READ_BITS; i = i + 1) if (out[i] !== expected[i]) differ = differ + 1;
        for (i = 0; i < READ / 9; i = i + 1)
            if (parity_out[i] !== expected_parity[i]) differ = differ + 1;
        draw;
    end
    always @(posedge done) if (differ) $display("%0d to %0d: %0d differ", WRITE, READ, differ);
endmodule
module bench;
    reg clock = 0, done = 0;
    genvar w, r;
    generate
        for (w = 0; w < 7; w = w + 1) for (r = 0; r < 7; r = r + 1) begin : each
            localparam WRITE = w < 3 ? 1 << w : 9 << (w - 3), READ = r < 3 ? 1 << r : 9 << (r - 3);
            if (w < 6 && r < 6) pair #(14, WRITE, READ) half(clock, done);
            pair #(15, WRITE, READ) full(clock, done);
        end
    endgenerate
    initial begin
        repeat (600) #1 clock = !clock;
        #1 done = 1;
        #1 $display("compared");
    end
endmodule
)";

// Port A of bytes, B of two: what the writer reads of its own word, then what the other port does,
// of the word with that byte and of the next one.
constexpr std::string_view kModes = R"(
module bench;
    reg clock = 0, reset = 0, enable = 1, write = 0; reg [7:0] in = 8'h5a; reg [13:0] from = 15;
    wire [8:0] own [0:2]; wire [17:0] other [0:2];
    genvar m;
    generate
        for (m = 0; m < 3; m = m + 1) begin : each
            wire [15:0] a, b; wire [1:0] c, d;
            localparam MODE = m == 0 ? "WRITE_FIRST" : m == 1 ? "READ_FIRST" : "NO_CHANGE";
            block_ram_cell #(
                .ADDRESS_BITS(14), .READ_WIDTH_A(9), .WRITE_WIDTH_A(9), .READ_WIDTH_B(18),
                .WRITE_MODE_A(MODE), .INIT_00(256'hb4_a5_96_c3), .INITP_00(1)
            ) ram (
                .CLKARDCLK(clock), .CLKBWRCLK(clock), .ENARDEN(enable), .ENBWREN(enable),
                .RSTRAMARSTRAM(reset), .RSTRAMB(1'b0), .ADDRARDADDR(14'h7), .ADDRBWRADDR(from),
                .DIADI({8'h0, in}), .DIPADIP(2'b0), .WEA({2{write}}), .WEBWE(4'b0),
                .DOADO(a), .DOPADOP(c), .DOBDO(b), .DOPBDOP(d)
            );
            assign own[m] = {c[0], a[7:0]}, other[m] = {d, b};
        end
    endgenerate
    task cycle;
        begin
            #1 clock = 1; #1 clock = 0;
            $display("%h %h, %h %h, %h %h", own[0], other[0], own[1], other[1], own[2], other[2]);
        end
    endtask
    initial begin
        cycle;
        write = 1; cycle;
        from = 16; cycle;
        from = 0; write = 0; cycle;
        enable = 0; write = 1; in = 0; reset = 1; cycle;
        enable = 1; write = 0; cycle;
    end
endmodule
)";

// Two that are one of 65,536 bits: written by B, read by A and B, at random.
constexpr std::string_view kCascade = R"(
module bench;
    reg clock = 0, in, write; reg [15:0] from, to;
    wire low_a, low_b; wire [31:0] a, b;
    block_ram_cell #(
        .READ_WIDTH_A(1), .READ_WIDTH_B(1), .WRITE_WIDTH_B(1), .WRITE_MODE_B("READ_FIRST"),
        .RAM_EXTENSION_A("LOWER"), .RAM_EXTENSION_B("LOWER"), .INIT_02(256'h2)
    ) lower (
        .CLKARDCLK(clock), .CLKBWRCLK(clock), .ENARDEN(1'b1), .ENBWREN(1'b1), .RSTRAMARSTRAM(1'b0),
        .RSTRAMB(1'b0), .ADDRARDADDR(from), .ADDRBWRADDR(to), .DIBDI({31'b0, in}), .WEA(4'b0),
        .WEBWE({8{write}}), .CASCADEOUTA(low_a), .CASCADEOUTB(low_b)
    );
    block_ram_cell #(
        .READ_WIDTH_A(1), .READ_WIDTH_B(1), .WRITE_WIDTH_B(1), .WRITE_MODE_B("READ_FIRST"),
        .RAM_EXTENSION_A("UPPER"), .RAM_EXTENSION_B("UPPER"), .INIT_03(256'h4)
    ) upper (
        .CLKARDCLK(clock), .CLKBWRCLK(clock), .ENARDEN(1'b1), .ENBWREN(1'b1), .RSTRAMARSTRAM(1'b0),
        .RSTRAMB(1'b0), .ADDRARDADDR(from), .ADDRBWRADDR(to), .DIBDI({31'b0, in}), .WEA(4'b0),
        .WEBWE({8{write}}), .CASCADEINA(low_a), .CASCADEINB(low_b), .DOADO(a), .DOBDO(b)
    );
    reg bits [0:65535];
    reg expected_a, expected_b;
    integer i, differ = 0;
    function [15:0] place(input integer any);
        place = {16{any[31]}} ^ (1 << any[11:8]) ^ any[3:0] & {4{any[4]}};
    endfunction
    initial begin
        for (i = 0; i < 65536; i = i + 1) bits[i] = 0;
        bits[2*256+1] = 1; bits[32768+3*256+2] = 1;
        for (i = 0; i < 3000; i = i + 1) begin
            from = i < 1500 ? place($random) : i < 2200 ? 512 + i % 4 : 32768 + 768 + i % 4;
            to = place($random); in = $random; write = $random;
            expected_a = bits[from]; expected_b = bits[to];
            if (write) bits[to] = in;
            #1 clock = 1; #1 clock = 0;
            if (a[0] !== expected_a || b[0] !== expected_b) differ = differ + 1;
        end
        $display("%0d differ", differ);
    end
endmodule
)";

std::string simulated(std::string_view bench) {
  const base::ScratchFolder folder("deepaxe-block-rams");
  base::write_file_atomically(folder.path() / "bench.v", bench);
  base::write_file_atomically(folder.path() / kBlockRamsFile, std::string_view(block_rams_text()));
  return base::run_tool({"sh", "-c",
                         "cd " + folder.path().string() +
                             " && iverilog -g2005-sv -s bench -o bench *.v 2>/dev/null && ./bench"},
                        300, "");
}

TEST(BlockRams, HoldWordsOfAnyWidthForWordsOfAnyOther) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  EXPECT_EQ(simulated(kWidths), "compared\n");
}

TEST(BlockRams, AreOneInACascade) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  EXPECT_EQ(simulated(kCascade), "0 differ\n");
}

TEST(BlockRams, KnowWhatIsReadWhileItIsWritten) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  EXPECT_EQ(simulated(kModes),
            "1c3 196c3, 1c3 196c3, 1c3 196c3\n"
            "05a xxxxx, 1c3 196c3, 1c3 xxxxx\n"
            "05a 0b4a5, 05a 0b4a5, 1c3 0b4a5\n"
            "05a 0965a, 05a 0965a, 05a 0965a\n"
            "05a 0965a, 05a 0965a, 05a 0965a\n"
            "xxx 0965a, xxx 0965a, xxx 0965a\n");
}

}  // namespace
}  // namespace deepaxe::hw::verilog
