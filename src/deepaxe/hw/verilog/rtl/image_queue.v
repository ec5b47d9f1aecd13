// Images on their way from one layer to another: a ring of SLOTS tensors in dual-port block RAM.
// Each is written once in raster order (channels fastest) and read anywhere, its rows as soon as
// they are written; the code of an address comes a cycle later.
module image_queue #(
    parameter SLOTS        = 2,
    parameter ROWS         = 1,
    parameter ROW_SIZE     = 1,  // Codes of a row.
    parameter ADDRESS_BITS = 1,
    parameter ROW_BITS     = 1
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    write,
    input  wire [7:0]              write_code,
    output wire                    last_write,    // The next write is the last one of its image.
    output wire                    room,          // There is a slot for the image that is written.
    input  wire                    image_done,    // The reader has done with its image.
    output wire                    complete,      // The image that is read is written...
    output wire [ROW_BITS-1:0]     rows_written,  // ...and so many rows of it, up to ROWS.
    input  wire [ADDRESS_BITS-1:0] read_address,
    output reg  [7:0]              read_code
);
    localparam SIZE       = ROWS * ROW_SIZE;
    localparam RING_BITS  = $clog2(SLOTS * SIZE);
    localparam HELD_BITS  = $clog2(SLOTS + 1);
    localparam PLACE_BITS = ROW_SIZE < 2 ? 1 : $clog2(ROW_SIZE);

    (* ram_style = "block" *)
    reg [7:0] codes [0:SLOTS*SIZE-1];
    reg [RING_BITS-1:0]  write_address;
    reg [RING_BITS-1:0]  read_base;    // Where the image that is read begins.
    reg [PLACE_BITS-1:0] place;        // In the row that is being written.
    reg [ROW_BITS-1:0]   rows_coming;  // Complete rows of the image that is written.
    reg [HELD_BITS-1:0]  held;         // Images that are complete.

    wire row_end   = place == ROW_SIZE - 1;
    wire image_end = write && last_write;
    wire [RING_BITS-1:0] place_read = read_base + read_address;
    assign last_write   = row_end && rows_coming == ROWS - 1;
    assign room         = held != SLOTS;
    assign complete     = held != 0;
    assign rows_written = complete ? ROWS : rows_coming;

    always @(posedge clock) begin
        if (write) codes[write_address] <= write_code;
        read_code <= codes[place_read];
    end

    always @(posedge clock) begin
        if (reset) begin
            write_address <= 0;
            read_base     <= 0;
            place         <= 0;
            rows_coming   <= 0;
            held          <= 0;
        end else begin
            if (write) begin
                write_address <= write_address == SLOTS * SIZE - 1 ? 0 : write_address + 1'b1;
                place         <= row_end ? 0 : place + 1'b1;
                if (row_end) rows_coming <= last_write ? 0 : rows_coming + 1'b1;
            end
            if (image_done) read_base <= read_base == (SLOTS - 1) * SIZE ? 0 : read_base + SIZE;
            held <= held + image_end - image_done;
        end
    end
endmodule
