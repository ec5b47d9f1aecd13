// The schedule of a layer that computes each code from one code of each of its one or two inputs.
//
// Loops: output line, output column, channel; one element a cycle. Each input's address is
// OFFSET + line * LINE + column * COLUMN + channel * CHANNEL of its own, modulo 2^ADDRESS_BITS.
module stepper #(
    parameter LINES          = 1,
    parameter COLUMNS        = 1,
    parameter CHANNELS       = 1,
    parameter A_OFFSET       = 0,
    parameter A_LINE         = 0,
    parameter A_COLUMN       = 0,
    parameter A_CHANNEL      = 0,
    parameter A_ADDRESS_BITS = 1,
    parameter A_ROWS         = 1,  // Rows of the memory...
    parameter A_FIRST_ROWS   = 1,  // ...of which the first output line needs so many...
    parameter A_ROWS_STEP    = 0,  // ...and each further one so many more.
    parameter A_ROW_BITS     = 1,
    parameter B_OFFSET       = 0,
    parameter B_LINE         = 0,
    parameter B_COLUMN       = 0,
    parameter B_CHANNEL      = 0,
    parameter B_ADDRESS_BITS = 1,
    parameter B_ROWS         = 1,
    parameter B_FIRST_ROWS   = 0,
    parameter B_ROWS_STEP    = 0,
    parameter B_ROW_BITS     = 1,
    // Outside these bounds the code is padding.
    parameter LINE_FROM      = 0,
    parameter LINE_TO        = 1,
    parameter COLUMN_FROM    = 0,
    parameter COLUMN_TO      = 1,
    parameter CHANNEL_FROM   = 0,
    parameter CHANNEL_TO     = 1
) (
    input  wire                      clock,
    input  wire                      reset,
    input  wire                      start,
    output reg                       running,
    input  wire [A_ROW_BITS-1:0]     a_rows_ready,
    input  wire [B_ROW_BITS-1:0]     b_rows_ready,
    output wire                      issue,
    output reg  [A_ADDRESS_BITS-1:0] a_address,
    output reg  [B_ADDRESS_BITS-1:0] b_address,
    output wire                      in_image
);
    localparam LINE_BITS    = LINES < 2 ? 1 : $clog2(LINES);
    localparam COLUMN_BITS  = COLUMNS < 2 ? 1 : $clog2(COLUMNS);
    localparam CHANNEL_BITS = CHANNELS < 2 ? 1 : $clog2(CHANNELS);
    reg [LINE_BITS-1:0]    line;
    reg [COLUMN_BITS-1:0]  column;
    reg [CHANNEL_BITS-1:0] channel;
    reg                    at_line_start;

    wire channels_end = channel == CHANNELS - 1;
    wire line_end     = channels_end && column == COLUMNS - 1;
    wire image_end    = line_end && line == LINES - 1;

    localparam A_NEEDED_BITS = $clog2(A_ROWS + LINES * (A_ROWS_STEP + 1) + 2) + 1;
    localparam B_NEEDED_BITS = $clog2(B_ROWS + LINES * (B_ROWS_STEP + 1) + 2) + 1;
    reg signed [A_NEEDED_BITS-1:0] a_needed;
    reg signed [B_NEEDED_BITS-1:0] b_needed;
    wire signed [A_NEEDED_BITS-1:0] a_there = {{(A_NEEDED_BITS - A_ROW_BITS){1'b0}}, a_rows_ready};
    wire signed [B_NEEDED_BITS-1:0] b_there = {{(B_NEEDED_BITS - B_ROW_BITS){1'b0}}, b_rows_ready};
    wire ready = (a_there >= a_needed || a_rows_ready == A_ROWS)
              && (b_there >= b_needed || b_rows_ready == B_ROWS);
    assign issue = running && (!at_line_start || ready);

    // What each loop adds to an address when it advances and those inside it begin again.
    localparam A_TO_COLUMN = A_COLUMN - (CHANNELS - 1) * A_CHANNEL;
    localparam A_TO_LINE   = A_LINE - (COLUMNS - 1) * A_COLUMN - (CHANNELS - 1) * A_CHANNEL;
    localparam B_TO_COLUMN = B_COLUMN - (CHANNELS - 1) * B_CHANNEL;
    localparam B_TO_LINE   = B_LINE - (COLUMNS - 1) * B_COLUMN - (CHANNELS - 1) * B_CHANNEL;
    wire [A_ADDRESS_BITS-1:0] a_step = !channels_end ? A_CHANNEL : !line_end ? A_TO_COLUMN : A_TO_LINE;
    wire [B_ADDRESS_BITS-1:0] b_step = !channels_end ? B_CHANNEL : !line_end ? B_TO_COLUMN : B_TO_LINE;

    always @(posedge clock) begin
        if (reset) running <= 1'b0;
        else if (start) running <= 1'b1;
        else if (issue && image_end) running <= 1'b0;

        if (start) begin
            line          <= 0;
            column        <= 0;
            channel       <= 0;
            at_line_start <= 1'b1;
            a_needed      <= A_FIRST_ROWS;
            b_needed      <= B_FIRST_ROWS;
            a_address     <= A_OFFSET;
            b_address     <= B_OFFSET;
        end else if (issue) begin
            a_address     <= a_address + a_step;
            b_address     <= b_address + b_step;
            at_line_start <= line_end;
            channel       <= channels_end ? 0 : channel + 1'b1;
            if (channels_end) column <= line_end ? 0 : column + 1'b1;
            if (line_end) line <= line + 1'b1;
            if (line_end) a_needed <= a_needed + A_ROWS_STEP;
            if (line_end) b_needed <= b_needed + B_ROWS_STEP;
        end
    end

    // Signed and one bit wider: a bound may lie one past the last counter value.
    wire signed [LINE_BITS+1:0]    signed_line    = {2'b0, line};
    wire signed [COLUMN_BITS+1:0]  signed_column  = {2'b0, column};
    wire signed [CHANNEL_BITS+1:0] signed_channel = {2'b0, channel};
    assign in_image = signed_line >= LINE_FROM && signed_line < LINE_TO
                   && signed_column >= COLUMN_FROM && signed_column < COLUMN_TO
                   && signed_channel >= CHANNEL_FROM && signed_channel < CHANNEL_TO;
endmodule
