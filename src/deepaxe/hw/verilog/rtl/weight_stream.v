// Weights from outside, on an AXI4-Stream: a word for each element that is read, in the order of
// use, for every output position anew; a word comes a cycle after `read`. The layer waits while
// there is none.
module weight_stream #(
    parameter WIDTH = 8
) (
    input  wire             clock,
    input  wire             read,
    output wire             available,
    output reg  [WIDTH-1:0] word,
    input  wire [WIDTH-1:0] tdata,
    input  wire             tvalid,
    output wire             tready
);
    assign available = tvalid;
    assign tready    = read;  // `read` only where a word is available.
    always @(posedge clock) if (read) word <= tdata;
endmodule
