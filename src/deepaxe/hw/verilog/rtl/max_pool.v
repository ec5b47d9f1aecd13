// The largest code of each window, channel by channel; padding does not count.
module max_pool #(
    parameter INPUT_HEIGHT  = 1,
    parameter INPUT_WIDTH   = 1,
    parameter CHANNELS      = 1,
    parameter OUTPUT_HEIGHT = 1,
    parameter OUTPUT_WIDTH  = 1,
    parameter KERNEL_HEIGHT = 1,
    parameter KERNEL_WIDTH  = 1,
    parameter STRIDE_HEIGHT = 1,
    parameter STRIDE_WIDTH  = 1,
    parameter PAD_TOP       = 0,
    parameter PAD_LEFT      = 0,
    parameter PADDED        = 0,
    parameter CLAMP_LOW     = -128,
    parameter CLAMP_HIGH    = 127,
    parameter SOURCE_ROWS   = 1,
    parameter FIRST_ROWS    = 1,
    parameter ROWS_STEP     = 0,
    parameter ADDRESS_BITS  = 1,
    parameter ROW_BITS      = 1
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    start,
    output wire                    running,
    input  wire [ROW_BITS-1:0]     rows_ready,
    output wire [ADDRESS_BITS-1:0] read_address,
    input  wire [7:0]              read_code,
    output reg                     code_valid,
    output wire [7:0]              code
);
    wire issue, in_image, first, last;

    walker #(
        .INPUT_HEIGHT(INPUT_HEIGHT), .INPUT_WIDTH(INPUT_WIDTH), .INPUT_CHANNELS(CHANNELS),
        .OUTPUT_HEIGHT(OUTPUT_HEIGHT), .OUTPUT_WIDTH(OUTPUT_WIDTH), .SETS(CHANNELS),
        .KERNEL_HEIGHT(KERNEL_HEIGHT), .KERNEL_WIDTH(KERNEL_WIDTH),
        .STRIDE_HEIGHT(STRIDE_HEIGHT), .STRIDE_WIDTH(STRIDE_WIDTH),
        .PAD_TOP(PAD_TOP), .PAD_LEFT(PAD_LEFT), .PADDED(PADDED),
        .PERIOD(KERNEL_HEIGHT * KERNEL_WIDTH), .SOURCE_ROWS(SOURCE_ROWS),
        .FIRST_ROWS(FIRST_ROWS), .ROWS_STEP(ROWS_STEP),
        .ADDRESS_BITS(ADDRESS_BITS), .ROW_BITS(ROW_BITS)
    ) walker (
        .clock(clock), .reset(reset), .start(start), .rows_ready(rows_ready),
        .enable(1'b1), .running(running),
        .issue(issue), .address(read_address), .in_image(in_image), .first(first), .last(last),
        .last_group(), .last_of_place()
    );

    reg is_valid, is_inside, is_first, is_last;
    reg signed [7:0]  largest;
    wire signed [7:0] candidate = is_inside ? read_code : 8'h80;
    always @(posedge clock) begin
        is_valid  <= issue && !reset;
        is_inside <= in_image;
        is_first  <= first;
        is_last   <= last;
        if (is_valid && (is_first || candidate > largest)) largest <= candidate;
        code_valid <= is_valid && is_last && !reset;
    end
    assign code = largest < CLAMP_LOW ? CLAMP_LOW : largest > CLAMP_HIGH ? CLAMP_HIGH : largest;
endmodule
