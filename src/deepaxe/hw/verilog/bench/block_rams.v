// Block RAM cells of 7-series devices (UG473) as netlists of yosys use them: the models that come
// with yosys have ports and nothing behind them. `make netlist` puts block_ram_cell in their place.
// Either port reads and writes ("TDP"), or A reads and B writes, with the pins of both where words
// are that wide ("SDP"); two RAMB36E1 can be one of 64 K words of a bit. Both clocks are the same, or
// one is constant; parameters that are not here (inverted pins) are refused by the simulator.
// Unknown is what is read before the first read and after a reset, what both ports write, and what
// one reads where the other writes in the same cycle and does not read first: results that depend
// on it do not come out right.

// Bytes with a parity bit each. A word of 9, 18, 36 or 72 bits has the parity bits on pins of their
// own; one of 1, 2 or 4 bits has none.
module block_ram #(
    parameter ADDRESS_BITS = 15,  // Of a bit.
    parameter READ_WIDTH_A  = 0,  // 0: never reads.
    parameter READ_WIDTH_B  = 0,
    parameter WRITE_WIDTH_A = 0,
    parameter WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A  = "WRITE_FIRST",
    parameter WRITE_MODE_B  = "WRITE_FIRST"
) (
    input  wire                    clock,
    input  wire                    enable_a, enable_b,
    input  wire                    reset_a, reset_b,
    input  wire [ADDRESS_BITS-1:0] address_a, address_b,
    input  wire [71:0]             in_a, in_b,    // {parity bits, data}.
    input  wire [7:0]              write_a, write_b,
    output reg  [71:0]             out_a, out_b
);
    reg [8:0] words [0:(1<<(ADDRESS_BITS-3))-1];  // {parity, byte}.

    function [ADDRESS_BITS-4:0] first_of(input [ADDRESS_BITS-1:0] address, input integer width);
        first_of = width < 18 ? address[ADDRESS_BITS-1:3]
                              : address[ADDRESS_BITS-1:3] / (width / 9) * (width / 9);
    endfunction

    function [2:0] bit_of(input [ADDRESS_BITS-1:0] address, input integer width);
        bit_of = width < 9 ? address[2:0] / width * width : 0;
    endfunction

    function [71:0] word_at(input [ADDRESS_BITS-1:0] address, input integer width);
        integer lane;
        begin
            word_at = words[first_of(address, width)] >> bit_of(address, width);
            if (width >= 9)
                for (lane = 0; lane < width / 9; lane = lane + 1)
                    {word_at[64+lane], word_at[8*lane +: 8]} =
                        words[first_of(address, width) + lane];
        end
    endfunction

    task write(input [ADDRESS_BITS-1:0] address, input integer width, input [71:0] word,
               input [7:0] enable);
        integer lane;
        begin
            if (width < 9) begin
                for (lane = 0; lane < width; lane = lane + 1)
                    if (enable[0])
                        words[first_of(address, width)][bit_of(address, width) + lane] = word[lane];
            end else
                for (lane = 0; lane < width / 9; lane = lane + 1)
                    if (enable[lane])
                        words[first_of(address, width) + lane] =
                            {word[64+lane], word[8*lane +: 8]};
        end
    endtask

    // Whether words at the addresses have a byte in common.
    function meet(input [ADDRESS_BITS-1:0] address, input integer width,
                  input [ADDRESS_BITS-1:0] other, input integer other_width);
        meet = width > other_width ? first_of(address, width) == first_of(other, width)
                                   : first_of(address, other_width) == first_of(other, other_width);
    endfunction

    wire writes_a = enable_a && WRITE_WIDTH_A != 0 && write_a != 0;
    wire writes_b = enable_b && WRITE_WIDTH_B != 0 && write_b != 0;
    wire unknown_a = writes_b && WRITE_MODE_B != "READ_FIRST" &&
                     meet(address_a, READ_WIDTH_A, address_b, WRITE_WIDTH_B);
    wire unknown_b = writes_a && WRITE_MODE_A != "READ_FIRST" &&
                     meet(address_b, READ_WIDTH_B, address_a, WRITE_WIDTH_A);

    reg [71:0] before_a, before_b;
    always @(posedge clock) begin
        before_a = word_at(address_a, READ_WIDTH_A);
        before_b = word_at(address_b, READ_WIDTH_B);
        if (writes_a) write(address_a, WRITE_WIDTH_A, in_a, write_a);
        if (writes_b) write(address_b, WRITE_WIDTH_B, in_b, write_b);
        if (writes_a && writes_b && meet(address_a, WRITE_WIDTH_A, address_b, WRITE_WIDTH_B))
            write(address_b, WRITE_WIDTH_B, {72{1'bx}}, write_b);
        if (enable_a && !(writes_a && WRITE_MODE_A == "NO_CHANGE"))
            out_a <= reset_a || unknown_a                      ? {72{1'bx}}
                   : writes_a && WRITE_MODE_A == "WRITE_FIRST" ? word_at(address_a, READ_WIDTH_A)
                                                               : before_a;
        if (enable_b && !(writes_b && WRITE_MODE_B == "NO_CHANGE"))
            out_b <= reset_b || unknown_b                      ? {72{1'bx}}
                   : writes_b && WRITE_MODE_B == "WRITE_FIRST" ? word_at(address_b, READ_WIDTH_B)
                                                               : before_b;
    end
endmodule

// The pins and parameters of RAMB18E1 (ADDRESS_BITS 14) and RAMB36E1 (15).
module block_ram_cell #(
    parameter ADDRESS_BITS = 15,
    parameter RAM_MODE = "TDP",
    parameter RAM_EXTENSION_A = "NONE", RAM_EXTENSION_B = "NONE",
    parameter DOA_REG = 0, DOB_REG = 0,
    parameter READ_WIDTH_A = 0, READ_WIDTH_B = 0,
    parameter WRITE_WIDTH_A = 0, WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A = "WRITE_FIRST", WRITE_MODE_B = "WRITE_FIRST",
    parameter INIT_A = 0, INIT_B = 0, SRVAL_A = 0, SRVAL_B = 0,
    parameter [255:0] @BYTE_PARAMETERS@,
    parameter [255:0] @PARITY_PARAMETERS@,
    parameter PINS = ADDRESS_BITS == 15 ? 32 : 16,  // Of the data of a port.
    parameter ADDRESS_PINS = ADDRESS_BITS == 15 ? 16 : 14
) (
    input  wire                    CASCADEINA, CASCADEINB,
    output wire                    CASCADEOUTA, CASCADEOUTB,
    input  wire                    CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN,
    input  wire                    REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB,
    input  wire                    RSTREGARSTREG, RSTREGB,
    input  wire [ADDRESS_PINS-1:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [PINS-1:0]         DIADI, DIBDI,
    input  wire [PINS/8-1:0]       DIPADIP, DIPBDIP, WEA,
    input  wire [PINS/4-1:0]       WEBWE,
    output wire [PINS-1:0]         DOADO, DOBDO,
    output wire [PINS/8-1:0]       DOPADOP, DOPBDOP
);
    initial if (DOA_REG || DOB_REG) $fatal(1, "%m: output registers, which have no model");

    function [255:0] bytes_of_row(input integer row);
        case (row)
@BYTE_ROWS@            default: bytes_of_row = 0;
        endcase
    endfunction

    function [255:0] parities_of_row(input integer row);
        case (row)
@PARITY_ROWS@            default: parities_of_row = 0;
        endcase
    endfunction

    reg [255:0] bytes, parities;
    integer row, i;
    initial for (row = 0; row < 1 << (ADDRESS_BITS - 8); row = row + 1) begin
        bytes    = bytes_of_row(row);
        parities = parities_of_row(row / 8);
        for (i = 0; i < 32; i = i + 1)
            ram.words[32*row + i] = {parities[row % 8 * 32 + i], bytes[8*i +: 8]};
    end

    localparam BOTH = PINS / 8 * 18;  // The width of a word on the pins of both ports.
    wire [71:0] in_a, in_b, out_a, out_b;
    assign in_a[63:0]  = DIADI;
    assign in_a[71:64] = DIPADIP;
    assign in_b[63:0]  = WRITE_WIDTH_B == BOTH ? {DIBDI, DIADI} : DIBDI;
    assign in_b[71:64] = WRITE_WIDTH_B == BOTH ? {DIPBDIP, DIPADIP} : DIPBDIP;
    // Of a cascade the lower half has the words whose highest address bit is 0; the upper one shows
    // what was read.
    wire       high_a = ADDRARDADDR[ADDRESS_PINS-1], high_b = ADDRBWRADDR[ADDRESS_PINS-1];
    wire       mine_a = RAM_EXTENSION_A == "NONE" || high_a == (RAM_EXTENSION_A == "UPPER");
    wire       mine_b = RAM_EXTENSION_B == "NONE" || high_b == (RAM_EXTENSION_B == "UPPER");
    wire [7:0] write_a = mine_a ? WEA : 0, write_b = mine_b ? WEBWE : 0;
    reg        below_a = 1'b0, below_b = 1'b0;
    always @(posedge CLKARDCLK) if (ENARDEN) below_a <= RAM_EXTENSION_A == "UPPER" && !high_a;
    always @(posedge CLKBWRCLK) if (ENBWREN) below_b <= RAM_EXTENSION_B == "UPPER" && !high_b;
    assign CASCADEOUTA = out_a[0];
    assign CASCADEOUTB = out_b[0];
    assign DOADO   = below_a ? CASCADEINA : out_a[PINS-1:0];
    assign DOPADOP = out_a[64 +: PINS/8];
    assign DOBDO   = READ_WIDTH_A == BOTH ? out_a[PINS +: PINS]
                   : below_b              ? CASCADEINB
                                          : out_b[PINS-1:0];
    assign DOPBDOP = READ_WIDTH_A == BOTH ? out_a[64+PINS/8 +: PINS/8] : out_b[64 +: PINS/8];

    block_ram #(
        .ADDRESS_BITS(ADDRESS_BITS),
        .READ_WIDTH_A(READ_WIDTH_A), .READ_WIDTH_B(READ_WIDTH_B),
        .WRITE_WIDTH_A(WRITE_WIDTH_A), .WRITE_WIDTH_B(WRITE_WIDTH_B),
        .WRITE_MODE_A(WRITE_MODE_A), .WRITE_MODE_B(WRITE_MODE_B)
    ) ram (
        .clock(CLKARDCLK | CLKBWRCLK),
        .enable_a(ENARDEN), .enable_b(ENBWREN),
        .reset_a(RSTRAMARSTRAM), .reset_b(RSTRAMB),
        .address_a(ADDRARDADDR[ADDRESS_BITS-1:0]), .address_b(ADDRBWRADDR[ADDRESS_BITS-1:0]),
        .in_a(in_a), .in_b(in_b),
        .write_a(write_a), .write_b(write_b),
        .out_a(out_a), .out_b(out_b)
    );
endmodule
