// Sums of each channel over the whole image, for a requantizer that makes means of them.
module mean #(
    parameter INPUT_HEIGHT = 1,
    parameter INPUT_WIDTH  = 1,
    parameter CHANNELS     = 1,
    parameter PERIOD       = 1,
    parameter SUM_BITS     = 32,
    parameter SOURCE_ROWS  = 1,
    parameter ADDRESS_BITS = 1,
    parameter ROW_BITS     = 1
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    start,
    output wire                    running,
    input  wire [ROW_BITS-1:0]     rows_ready,
    output wire [ADDRESS_BITS-1:0] read_address,
    input  wire [7:0]              read_code,
    output reg                     sum_valid,
    output reg  [SUM_BITS-1:0]     sum
);
    wire issue, first, last;

    walker #(
        .INPUT_HEIGHT(INPUT_HEIGHT), .INPUT_WIDTH(INPUT_WIDTH), .INPUT_CHANNELS(CHANNELS),
        .SETS(CHANNELS), .KERNEL_HEIGHT(INPUT_HEIGHT), .KERNEL_WIDTH(INPUT_WIDTH),
        .PERIOD(PERIOD), .SOURCE_ROWS(SOURCE_ROWS), .FIRST_ROWS(SOURCE_ROWS),
        .ADDRESS_BITS(ADDRESS_BITS), .ROW_BITS(ROW_BITS)
    ) walker (
        .clock(clock), .reset(reset), .start(start), .rows_ready(rows_ready),
        .enable(1'b1), .running(running),
        .issue(issue), .address(read_address), .in_image(), .first(first), .last(last),
        .last_group(), .last_of_place()
    );

    reg is_valid, is_first, is_last;
    wire [SUM_BITS-1:0] term = {{(SUM_BITS - 8){read_code[7]}}, read_code};
    always @(posedge clock) begin
        is_valid  <= issue && !reset;
        is_first  <= first;
        is_last   <= last;
        if (is_valid) sum <= (is_first ? {SUM_BITS{1'b0}} : sum) + term;
        sum_valid <= is_valid && is_last && !reset;
    end
endmodule
