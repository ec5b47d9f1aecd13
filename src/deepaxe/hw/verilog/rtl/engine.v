// A computing layer's datapath: LANES multiply-accumulators that share one activation a cycle.
//
//   cycle 0  the walker's address goes to the activations, `weight_address` to the weights
//         1  the memories answer; padding becomes the code of real 0
//         2  `activation` and `weight_codes` are at the multipliers, which are outside
//         3  products are added up
//         4  the sums of a group leave, one every INTERVAL cycles, in the order of the channels,
//            while the next group is added up; PERIOD is large enough for all of them
module engine #(
    parameter INPUT_HEIGHT     = 1,
    parameter INPUT_WIDTH      = 1,
    parameter INPUT_CHANNELS   = 1,
    parameter OUTPUT_HEIGHT    = 1,
    parameter OUTPUT_WIDTH     = 1,
    parameter SETS             = 1,
    parameter SET_CHANNELS     = 1,
    parameter SET_OUTPUTS      = 1,  // Output channels of a set.
    parameter KERNEL_HEIGHT    = 1,
    parameter KERNEL_WIDTH     = 1,
    parameter STRIDE_HEIGHT    = 1,
    parameter STRIDE_WIDTH     = 1,
    parameter DILATION_HEIGHT  = 1,
    parameter DILATION_WIDTH   = 1,
    parameter PAD_TOP          = 0,
    parameter PAD_LEFT         = 0,
    parameter PADDED           = 0,
    parameter ZERO_POINT       = 0,  // The activation code of real 0.
    parameter LANES            = 1,
    parameter INTERVAL         = 1,
    parameter PERIOD           = 1,  // At least the elements of a window, and LANES * INTERVAL.
    parameter SUM_BITS         = 32,
    parameter SOURCE_ROWS      = 1,
    parameter FIRST_ROWS       = 1,
    parameter ROWS_STEP        = 0,
    parameter ADDRESS_BITS     = 1,
    parameter ROW_BITS         = 1,
    parameter WEIGHT_ADDRESS_BITS = 1
) (
    input  wire                           clock,
    input  wire                           reset,
    input  wire                           start,
    output wire                           running,
    input  wire [ROW_BITS-1:0]            rows_ready,
    output wire [ADDRESS_BITS-1:0]        read_address,
    input  wire [7:0]                     read_code,       // A cycle after its address.
    input  wire                           has_weights,     // Those at the address can be read.
    output wire                           reads_weights,
    output reg  [WEIGHT_ADDRESS_BITS-1:0] weight_address,
    input  wire [8*LANES-1:0]             read_weights,    // A cycle after their address.
    output reg  [7:0]                     activation,
    output reg  [8*LANES-1:0]             weight_codes,
    input  wire [16*LANES-1:0]            products,        // Of these two, in the same cycle.
    output wire                           sum_valid,
    output wire [SUM_BITS-1:0]            sum
);
    localparam GROUPS     = (SET_OUTPUTS + LANES - 1) / LANES;
    localparam LAST_LANES = SET_OUTPUTS - (GROUPS - 1) * LANES;

    wire issue, in_image, first, last, last_group, last_of_place;

    walker #(
        .INPUT_HEIGHT(INPUT_HEIGHT), .INPUT_WIDTH(INPUT_WIDTH), .INPUT_CHANNELS(INPUT_CHANNELS),
        .OUTPUT_HEIGHT(OUTPUT_HEIGHT), .OUTPUT_WIDTH(OUTPUT_WIDTH),
        .SETS(SETS), .SET_CHANNELS(SET_CHANNELS), .GROUPS(GROUPS),
        .KERNEL_HEIGHT(KERNEL_HEIGHT), .KERNEL_WIDTH(KERNEL_WIDTH),
        .STRIDE_HEIGHT(STRIDE_HEIGHT), .STRIDE_WIDTH(STRIDE_WIDTH),
        .DILATION_HEIGHT(DILATION_HEIGHT), .DILATION_WIDTH(DILATION_WIDTH),
        .PAD_TOP(PAD_TOP), .PAD_LEFT(PAD_LEFT), .PADDED(PADDED), .PERIOD(PERIOD),
        .SOURCE_ROWS(SOURCE_ROWS), .FIRST_ROWS(FIRST_ROWS), .ROWS_STEP(ROWS_STEP),
        .ADDRESS_BITS(ADDRESS_BITS), .ROW_BITS(ROW_BITS)
    ) walker (
        .clock(clock), .reset(reset), .start(start), .rows_ready(rows_ready),
        .enable(has_weights), .running(running),
        .issue(issue), .address(read_address), .in_image(in_image), .first(first), .last(last),
        .last_group(last_group), .last_of_place(last_of_place)
    );

    assign reads_weights = issue;

    // The weights lie in the order in which they are used, once for each position.
    always @(posedge clock) begin
        if (start) weight_address <= 0;
        else if (issue) weight_address <= last_of_place ? 0 : weight_address + 1'b1;
    end

    // Marks of the element in each stage; bit s belongs to cycle s + 1 above.
    reg [2:0] valid, is_first, is_last, is_last_group;
    reg       is_inside;
    always @(posedge clock) begin
        valid         <= reset ? 3'b0 : {valid[1:0], issue};
        is_first      <= {is_first[1:0], first};
        is_last       <= {is_last[1:0], last};
        is_last_group <= {is_last_group[1:0], last_group};
        is_inside     <= in_image;
        activation    <= is_inside ? read_code : ZERO_POINT;
        weight_codes  <= read_weights;
    end

    wire                      sums_ready = valid[2] && is_last[2];
    wire [SUM_BITS*LANES-1:0] new_sums;
    genvar lane;
    generate
        for (lane = 0; lane < LANES; lane = lane + 1) begin : lanes
            reg signed [15:0]         product;
            reg signed [SUM_BITS-1:0] total;
            wire signed [SUM_BITS-1:0] so_far = is_first[2] ? {SUM_BITS{1'b0}} : total;
            wire signed [SUM_BITS-1:0] now = so_far + product;
            always @(posedge clock) begin
                product <= products[16*lane +: 16];
                if (valid[2]) total <= now;
            end
            assign new_sums[SUM_BITS*lane +: SUM_BITS] = now;
        end
    endgenerate

    // The way out: a shift register of the group's sums.
    localparam COUNT_BITS = $clog2(LANES + 1);
    localparam PHASE_BITS = INTERVAL < 2 ? 1 : $clog2(INTERVAL);
    reg [SUM_BITS*LANES-1:0] leaving;
    reg [COUNT_BITS-1:0]     left;
    reg [PHASE_BITS-1:0]     phase;
    wire                     phase_end = phase == INTERVAL - 1;
    always @(posedge clock) begin
        if (sums_ready) leaving <= new_sums;
        else if (phase_end) leaving <= leaving >> SUM_BITS;

        if (reset) left <= 0;
        else if (sums_ready) left <= is_last_group[2] ? LAST_LANES : LANES;
        else if (phase_end && left != 0) left <= left - 1'b1;

        phase <= sums_ready || phase_end ? 0 : phase + 1'b1;
    end
    assign sum_valid = left != 0 && phase == 0;
    assign sum       = leaving[SUM_BITS-1:0];
endmodule
