// Codes moved from anywhere, through a table of 256 codes or as they are; padding is FILL.
module pointwise #(
    parameter LINES        = 1,
    parameter COLUMNS      = 1,
    parameter CHANNELS     = 1,
    parameter OFFSET       = 0,
    parameter LINE         = 0,
    parameter COLUMN       = 0,
    parameter CHANNEL      = 0,
    parameter LINE_FROM    = 0,
    parameter LINE_TO      = 1,
    parameter COLUMN_FROM  = 0,
    parameter COLUMN_TO    = 1,
    parameter CHANNEL_FROM = 0,
    parameter CHANNEL_TO   = 1,
    parameter FILL         = 0,
    parameter USES_TABLE   = 0,
    parameter TABLE_FILE   = "",
    parameter SOURCE_ROWS  = 1,
    parameter FIRST_ROWS   = 1,
    parameter ROWS_STEP    = 0,
    parameter ADDRESS_BITS = 1,
    parameter ROW_BITS     = 1
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    start,
    output wire                    running,
    input  wire [ROW_BITS-1:0]     rows_ready,
    output wire [ADDRESS_BITS-1:0] read_address,
    input  wire [7:0]              read_code,
    output reg                     code_valid,
    output wire [7:0]              code
);
    wire issue, in_image;

    stepper #(
        .LINES(LINES), .COLUMNS(COLUMNS), .CHANNELS(CHANNELS),
        .A_OFFSET(OFFSET), .A_LINE(LINE), .A_COLUMN(COLUMN), .A_CHANNEL(CHANNEL),
        .A_ADDRESS_BITS(ADDRESS_BITS), .A_ROWS(SOURCE_ROWS), .A_FIRST_ROWS(FIRST_ROWS),
        .A_ROWS_STEP(ROWS_STEP), .A_ROW_BITS(ROW_BITS),
        .LINE_FROM(LINE_FROM), .LINE_TO(LINE_TO), .COLUMN_FROM(COLUMN_FROM),
        .COLUMN_TO(COLUMN_TO), .CHANNEL_FROM(CHANNEL_FROM), .CHANNEL_TO(CHANNEL_TO)
    ) stepper (
        .clock(clock), .reset(reset), .start(start), .running(running),
        .a_rows_ready(rows_ready), .b_rows_ready(1'b0), .issue(issue),
        .a_address(read_address), .b_address(), .in_image(in_image)
    );

    reg is_valid, is_in_image, was_in_image;
    always @(posedge clock) begin
        is_valid     <= issue && !reset;
        is_in_image  <= in_image;
        was_in_image <= is_in_image;
        code_valid   <= is_valid && !reset;
    end

    wire [7:0] value;
    generate
        if (USES_TABLE) begin : by_table
            constants #(.WIDTH(8), .WORDS(256), .ADDRESS_BITS(8), .FILE(TABLE_FILE)) values (
                .clock(clock), .address(read_code), .word(value)
            );
        end else begin : as_it_is
            reg [7:0] kept;
            always @(posedge clock) kept <= read_code;
            assign value = kept;
        end
    endgenerate
    assign code = was_in_image ? value : FILL;
endmodule
