// A tensor in dual-port block RAM: written once per image in raster order (channels fastest), read
// anywhere; the code of an address comes a cycle later.
module tensor_buffer #(
    parameter ROWS         = 1,
    parameter ROW_SIZE     = 1,  // Codes of a row.
    parameter ADDRESS_BITS = 1,
    parameter ROW_BITS     = 1
) (
    input  wire                    clock,
    input  wire                    clear,         // An image begins: nothing is written yet.
    input  wire                    write,
    input  wire [7:0]              write_code,
    output wire                    last_write,    // The next write is the last one.
    output reg  [ROW_BITS-1:0]     rows_written,  // Rows that are complete.
    input  wire [ADDRESS_BITS-1:0] read_address,
    output reg  [7:0]              read_code
);
    localparam PLACE_BITS = ROW_SIZE < 2 ? 1 : $clog2(ROW_SIZE);

    (* ram_style = "block" *)
    reg [7:0] codes [0:ROWS*ROW_SIZE-1];
    reg [ADDRESS_BITS-1:0] write_address;
    reg [PLACE_BITS-1:0]   place;  // In the row that is being written.
    wire                   row_end = place == ROW_SIZE - 1;
    assign last_write = row_end && rows_written == ROWS - 1;

    always @(posedge clock) begin
        if (write) codes[write_address] <= write_code;
        read_code <= codes[read_address];
    end

    always @(posedge clock) begin
        if (clear) begin
            write_address <= 0;
            place         <= 0;
            rows_written  <= 0;
        end else if (write) begin
            write_address <= write_address + 1'b1;
            place         <= row_end ? 0 : place + 1'b1;
            if (row_end) rows_written <= rows_written + 1'b1;
        end
    end
endmodule
