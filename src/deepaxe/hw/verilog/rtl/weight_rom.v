// Weights in block ROM, from a file of hexadecimal words; a word comes a cycle after its address.
module weight_rom #(
    parameter WIDTH        = 8,
    parameter WORDS        = 1,
    parameter ADDRESS_BITS = 1,
    parameter FILE         = ""
) (
    input  wire                    clock,
    input  wire [ADDRESS_BITS-1:0] address,
    output reg  [WIDTH-1:0]        word
);
    (* rom_style = "block" *)
    reg [WIDTH-1:0] words [0:WORDS-1];
    initial $readmemh(FILE, words);
    always @(posedge clock) word <= words[address];
endmodule
