// The mean of each window, channel by channel, to nearest, ties away from zero; padding does not
// count. The division is a multiplication: RECIPROCALS_FILE has 2^RECIPROCAL_SHIFT / n, rounded up,
// for n = 0, 1, ...; the shift is large enough for the quotient to be exact.
module average_pool #(
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
    parameter ROW_BITS      = 1,
    parameter RECIPROCAL_SHIFT = 1,
    parameter RECIPROCALS_FILE = ""
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    start,
    output wire                    running,
    input  wire [ROW_BITS-1:0]     rows_ready,
    output wire [ADDRESS_BITS-1:0] read_address,
    input  wire [7:0]              read_code,
    output reg                     code_valid,
    output reg  [7:0]              code
);
    localparam WINDOW     = KERNEL_HEIGHT * KERNEL_WIDTH;
    localparam COUNT_BITS = $clog2(WINDOW + 1);
    localparam SUM_BITS   = 8 + COUNT_BITS;

    wire issue, in_image, first, last;

    walker #(
        .INPUT_HEIGHT(INPUT_HEIGHT), .INPUT_WIDTH(INPUT_WIDTH), .INPUT_CHANNELS(CHANNELS),
        .OUTPUT_HEIGHT(OUTPUT_HEIGHT), .OUTPUT_WIDTH(OUTPUT_WIDTH), .SETS(CHANNELS),
        .KERNEL_HEIGHT(KERNEL_HEIGHT), .KERNEL_WIDTH(KERNEL_WIDTH),
        .STRIDE_HEIGHT(STRIDE_HEIGHT), .STRIDE_WIDTH(STRIDE_WIDTH),
        .PAD_TOP(PAD_TOP), .PAD_LEFT(PAD_LEFT), .PADDED(PADDED), .PERIOD(WINDOW),
        .SOURCE_ROWS(SOURCE_ROWS), .FIRST_ROWS(FIRST_ROWS), .ROWS_STEP(ROWS_STEP),
        .ADDRESS_BITS(ADDRESS_BITS), .ROW_BITS(ROW_BITS)
    ) walker (
        .clock(clock), .reset(reset), .start(start), .rows_ready(rows_ready),
        .enable(1'b1), .running(running),
        .issue(issue), .address(read_address), .in_image(in_image), .first(first), .last(last),
        .last_group(), .last_of_place()
    );

    // Cycle 1: the code; 2: sum and count; 3: times the reciprocal; 4: the code of the mean.
    reg is_valid, is_in_image, is_first, is_last, sum_valid, quotient_valid;
    reg signed [SUM_BITS-1:0]  sum;
    reg [COUNT_BITS-1:0]       count;
    wire signed [7:0]          term       = is_in_image ? read_code : 8'h00;
    wire signed [SUM_BITS-1:0] sum_so_far = is_first ? {SUM_BITS{1'b0}} : sum;
    wire [COUNT_BITS-1:0]      new_count  = (is_first ? {COUNT_BITS{1'b0}} : count) + is_in_image;
    always @(posedge clock) begin
        is_valid    <= issue && !reset;
        is_in_image <= in_image;
        is_first    <= first;
        is_last     <= last;
        if (is_valid) sum <= sum_so_far + term;
        if (is_valid) count <= new_count;
        sum_valid   <= is_valid && is_last && !reset;
    end

    wire [RECIPROCAL_SHIFT:0] reciprocal;
    constants #(
        .WIDTH(RECIPROCAL_SHIFT + 1), .WORDS(WINDOW + 1), .ADDRESS_BITS(COUNT_BITS),
        .FILE(RECIPROCALS_FILE)
    ) reciprocals (.clock(clock), .address(new_count), .word(reciprocal));

    reg [SUM_BITS+RECIPROCAL_SHIFT:0] scaled;
    reg                               negative;
    wire [SUM_BITS-1:0] magnitude = (sum < 0 ? -sum : sum) + (count >> 1);
    always @(posedge clock) begin
        scaled         <= magnitude * reciprocal;
        negative       <= sum < 0;
        quotient_valid <= sum_valid && !reset;
    end

    wire signed [9:0] quotient = scaled >> RECIPROCAL_SHIFT;
    wire signed [9:0] mean     = negative ? -quotient : quotient;
    always @(posedge clock) begin
        code       <= mean < CLAMP_LOW ? CLAMP_LOW : mean > CLAMP_HIGH ? CLAMP_HIGH : mean[7:0];
        code_valid <= quotient_valid && !reset;
    end
endmodule
