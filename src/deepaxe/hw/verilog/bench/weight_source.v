// Words of a file on a stream, again from the first one after the last one; with gaps if asked for.
module weight_source #(
    parameter WIDTH = 8,
    parameter WORDS = 1,
    parameter FILE  = ""
) (
    input  wire             clock,
    output wire [WIDTH-1:0] tdata,
    output reg              tvalid,
    input  wire             tready
);
    reg [WIDTH-1:0] words [0:WORDS-1];
    reg [15:0]      gaps = 16'hace1;  // A shift register with feedback.
    reg             stalls;
    integer         word = 0;
    assign tdata = words[word];
    initial begin
        $readmemh(FILE, words);
        tvalid = 1'b0;
        stalls = $test$plusargs("stalls") != 0;
    end
    always @(posedge clock) begin
        gaps <= {gaps[14:0], gaps[15] ^ gaps[13] ^ gaps[12] ^ gaps[10]};
        if (tvalid && tready) word <= word == WORDS - 1 ? 0 : word + 1;
        if (!tvalid || tready) tvalid <= !stalls || gaps[0];
    end
endmodule
