// Two codes to one number, for a requantizer: a sum of their values in a common scale (tables of
// 256 numbers; the second holds negatives where the layer subtracts), or the product of their
// differences from the zero points; of a rectifier, the first difference where it is not negative.
module arithmetic #(
    parameter MULTIPLIES   = 0,
    parameter RECTIFIES    = 0,
    parameter ZERO_POINT_A = 0,
    parameter ZERO_POINT_B = 0,
    parameter TERMS_A_FILE = "",
    parameter TERMS_B_FILE = ""
) (
    input  wire        clock,
    input  wire        reset,
    input  wire        codes_valid,
    input  wire [7:0]  code_a,
    input  wire [7:0]  code_b,
    output reg         sum_valid,
    output reg  [31:0] sum,
    output reg         is_product   // Of a rectifier: what `sum` is.
);
    reg terms_valid;
    always @(posedge clock) begin
        terms_valid <= codes_valid && !reset;
        sum_valid   <= terms_valid && !reset;
    end

    generate
        if (MULTIPLIES) begin : product
            reg signed [8:0] a, b;
            always @(posedge clock) begin
                a   <= $signed(code_a) - ZERO_POINT_A;
                b   <= $signed(code_b) - ZERO_POINT_B;
                sum <= RECTIFIES && a >= 0 ? a : a * b;
                is_product <= a < 0;
            end
        end else begin : terms
            wire [31:0] a, b;
            constants #(.WIDTH(32), .WORDS(256), .ADDRESS_BITS(8), .FILE(TERMS_A_FILE)) terms_a (
                .clock(clock), .address(code_a), .word(a)
            );
            constants #(.WIDTH(32), .WORDS(256), .ADDRESS_BITS(8), .FILE(TERMS_B_FILE)) terms_b (
                .clock(clock), .address(code_b), .word(b)
            );
            always @(posedge clock) begin
                sum        <= a + b;
                is_product <= 1'b0;
            end
        end
    endgenerate
endmodule
