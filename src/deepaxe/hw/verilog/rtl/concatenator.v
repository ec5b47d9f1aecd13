// The schedule of a concatenation: for each of OUTER pieces of the output, so many codes of the
// first input, then of the second... Every input is read once, in the order in which it lies.
module concatenator #(
    parameter PARTS        = 2,
    parameter OUTER        = 1,
    parameter [32*PARTS-1:0] LENGTHS = 0,  // Codes of a piece; the first input lowest.
    parameter PART_BITS    = 1,
    parameter ADDRESS_BITS = 1
) (
    input  wire                          clock,
    input  wire                          reset,
    input  wire                          start,
    output reg                           running,
    input  wire                          ready,      // All inputs are written.
    output wire                          issue,
    output reg  [PART_BITS-1:0]          part,       // The input that is read...
    output reg  [PARTS*ADDRESS_BITS-1:0] addresses   // ...and where each one is.
);
    localparam OUTER_BITS = OUTER < 2 ? 1 : $clog2(OUTER);
    reg [OUTER_BITS-1:0] piece;
    reg [31:0]           element;

    wire [31:0] length   = LENGTHS[32*part +: 32];
    wire part_end        = element == length - 1;
    wire piece_end       = part_end && part == PARTS - 1;
    assign issue         = running && ready;

    always @(posedge clock) begin
        if (reset) running <= 1'b0;
        else if (start) running <= 1'b1;
        else if (issue && piece_end && piece == OUTER - 1) running <= 1'b0;

        if (start) begin
            piece     <= 0;
            part      <= 0;
            element   <= 0;
            addresses <= 0;
        end else if (issue) begin
            element <= part_end ? 0 : element + 1'b1;
            if (part_end) part <= piece_end ? 0 : part + 1'b1;
            if (piece_end) piece <= piece + 1'b1;
            addresses[ADDRESS_BITS*part +: ADDRESS_BITS] <=
                addresses[ADDRESS_BITS*part +: ADDRESS_BITS] + 1'b1;
        end
    end
endmodule
