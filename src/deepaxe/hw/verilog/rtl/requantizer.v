// Sums to codes: sum + bias, times mantissa * 2^(shift - 31), rounded, plus the zero point, clamped.
//
// Rounding, bit for bit as docs/arithmetic.md of the generator derives it:
//   ROUND_TWICE = 0  (x * mantissa + half) >> (31 - shift), ties towards plus infinity
//   ROUND_TWICE = 1  the same with a shift of 31, then >> -shift, ties away from zero
// A positive shift of the second kind is a left shift of x, to be saturated. That is not done here:
// where it would matter the result is beyond every clamp.
//
// One sum every INTERVAL cycles: the product is made of INTERVAL partial products, each of
// DIGIT_BITS bits of the mantissa. Bias, mantissa and shift of a channel come from memories that
// answer a cycle after `bias_channel` and `scale_channel`.
//   cycle 0      sum_valid; bias_channel
//         1      sum + bias; scale_channel
//         2      x and its mantissa; INTERVAL cycles
//         2 + I  the product: the first of two roundings or, of one, the shift
//         3 + I  of two roundings the shift; rounding, zero point, clamp
//         4 + I  code_valid
module requantizer #(
    parameter CHANNELS    = 1,
    parameter SUM_BITS    = 32,  // Of the sums that come in...
    parameter BIAS_BITS   = 32,
    parameter TOTAL_BITS  = 32,  // ...and of sum + bias, modulo 2^TOTAL_BITS.
    parameter INTERVAL    = 1,
    parameter ROUND_TWICE = 0,
    parameter MAX_SHIFT   = 0,   // The largest shift of a channel.
    parameter ZERO_POINT  = 0,
    parameter CLAMP_LOW   = -128,
    parameter CLAMP_HIGH  = 127,
    parameter CHANNEL_BITS = 1,
    parameter SHIFT_BITS  = 1
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    start,
    input  wire                    sum_valid,
    input  wire [SUM_BITS-1:0]     sum,
    output reg  [CHANNEL_BITS-1:0] bias_channel,
    input  wire [BIAS_BITS-1:0]    bias,
    output reg  [CHANNEL_BITS-1:0] scale_channel,
    input  wire [30:0]             mantissa,
    input  wire [SHIFT_BITS-1:0]   shift_below_max,  // MAX_SHIFT - shift.
    output reg                     code_valid,
    output reg  [7:0]              code
);
    // Cycle 0: the channels follow each other.
    always @(posedge clock) begin
        if (start) bias_channel <= 0;
        else if (sum_valid) bias_channel <= bias_channel == CHANNELS - 1 ? 0 : bias_channel + 1'b1;
        scale_channel <= bias_channel;
    end

    // Cycle 1.
    reg signed [SUM_BITS-1:0]    waiting_sum;
    reg                          valid_1;
    wire signed [BIAS_BITS-1:0]  signed_bias = bias;
    wire signed [TOTAL_BITS-1:0] total = waiting_sum + signed_bias;
    always @(posedge clock) begin
        waiting_sum <= sum;
        valid_1     <= sum_valid && !reset;
    end

    // Cycle 2.
    reg signed [TOTAL_BITS-1:0] x;
    reg                         valid_2;
    always @(posedge clock) begin
        if (valid_1) x <= total;
        valid_2 <= valid_1 && !reset;
    end

    // The product, INTERVAL cycles; its lowest digit first.
    localparam DIGIT_BITS   = (31 + INTERVAL - 1) / INTERVAL;
    localparam PRODUCT_BITS = TOTAL_BITS + DIGIT_BITS * INTERVAL;
    reg signed [PRODUCT_BITS-1:0] product;
    reg                           product_valid;
    reg [SHIFT_BITS-1:0]          product_shift;
    generate
        if (INTERVAL == 1) begin : at_once
            wire signed [31:0] factor = {1'b0, mantissa};
            always @(posedge clock) begin
                product       <= x * factor;
                product_valid <= valid_2 && !reset;
                product_shift <= shift_below_max;
            end
        end else begin : in_digits
            localparam STEP_BITS = $clog2(INTERVAL);
            localparam PART_BITS = TOTAL_BITS + DIGIT_BITS + 1;
            reg [DIGIT_BITS*INTERVAL-1:0] rest;   // Digits to come, the next one lowest.
            reg [STEP_BITS-1:0]           step;
            reg                           busy;
            wire [DIGIT_BITS*INTERVAL-1:0] digits = valid_2 ? {1'b0, mantissa} : rest;
            wire signed [DIGIT_BITS:0]     digit = {1'b0, digits[DIGIT_BITS-1:0]};
            wire signed [TOTAL_BITS-1:0]  above =
                valid_2 ? {TOTAL_BITS{1'b0}} : product[PRODUCT_BITS-1 -: TOTAL_BITS];
            wire signed [PART_BITS-1:0]    part = above + x * digit;
            always @(posedge clock) begin
                if (valid_2 || busy) begin
                    product <= {part[TOTAL_BITS+DIGIT_BITS-1:0],
                                product[PRODUCT_BITS-TOTAL_BITS-1 -: DIGIT_BITS*(INTERVAL-1)]};
                    rest    <= digits >> DIGIT_BITS;
                end
                if (valid_2) product_shift <= shift_below_max;
                step          <= valid_2 ? 1 : step + 1'b1;
                busy          <= !reset && (valid_2 || busy && step != INTERVAL - 1);
                product_valid <= !reset && !valid_2 && busy && step == INTERVAL - 1;
            end
        end
    endgenerate

    // Both roundings end in (cut + 1) >> 1 of a number that is shifted one bit less than is asked.
    // It has the bits of the largest result, and room for the bounds below.
    localparam LEAST_BITS = 11;
    localparam MOST_BITS  = TOTAL_BITS + MAX_SHIFT + (ROUND_TWICE ? 2 : 1);
    localparam CUT_BITS   = MOST_BITS > LEAST_BITS ? MOST_BITS : LEAST_BITS;
    wire signed [CUT_BITS-1:0] cut;
    reg                        cut_valid;
    always @(posedge clock) cut_valid <= product_valid && !reset;
    generate
        if (ROUND_TWICE) begin : twice
            // Cycle 2 + I: high = (product + 2^30) >> 31, of a positive shift by so much less, and
            // 1 less where the product is negative, so that ties of the second rounding go away
            // from zero. Of a negative number the bit behind it is 1: a shift by 0 leaves high.
            localparam LEFT  = MAX_SHIFT > 0 ? MAX_SHIFT : 0;   // The largest such shift...
            localparam RIGHT = MAX_SHIFT < 0 ? -MAX_SHIFT : 0;  // ...or the least distance.
            reg signed [TOTAL_BITS+LEFT:0] high;
            reg [SHIFT_BITS-1:0]           distance;            // Beyond RIGHT.
            wire [SHIFT_BITS-1:0]          below_left = product_shift < LEFT ? product_shift : LEFT;
            wire signed [PRODUCT_BITS-1:0] half_shifted = (product >>> (30 - LEFT)) >>> below_left;
            wire signed [1:0]              half = product[PRODUCT_BITS-1] ? -2'sd1 : 2'sd1;
            always @(posedge clock) begin
                high     <= (half_shifted + half) >>> 1;
                distance <= product_shift - below_left;
            end
            // Cycle 3 + I.
            wire signed [TOTAL_BITS+LEFT+1:0] doubled = {high, high[TOTAL_BITS+LEFT]};
            assign cut = (doubled >>> RIGHT) >>> distance;
        end else begin : once
            localparam NEAREST = 30 - MAX_SHIFT;  // The shift less one, at MAX_SHIFT.
            reg signed [CUT_BITS-1:0] shifted;
            always @(posedge clock) shifted <= (product >>> NEAREST) >>> product_shift;
            assign cut = shifted;
        end
    endgenerate

    // (cut + 1) >> 1, plus the zero point, in the bits of a code; beside it, whether that is below
    // or above the bounds, of `cut` itself.
    localparam signed [CUT_BITS-1:0] LOWEST = 2 * (CLAMP_LOW - ZERO_POINT) - 1;
    localparam signed [CUT_BITS-1:0] HIGHEST = 2 * (CLAMP_HIGH - ZERO_POINT);
    localparam [8:0] HALF_AND_ZERO_POINT = 2 * ZERO_POINT + 1;
    wire [8:0] twice_code = cut[8:0] + HALF_AND_ZERO_POINT;
    always @(posedge clock) begin
        code_valid <= cut_valid && !reset;
        code       <= cut < LOWEST  ? CLAMP_LOW
                    : cut > HIGHEST ? CLAMP_HIGH : twice_code[8:1];
    end
endmodule
