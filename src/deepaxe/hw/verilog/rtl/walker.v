// The schedule of one layer: which input element is read in which cycle.
//
// Loops, outermost first: output row, output column, set, group, kernel row, kernel column, input
// channel. A set is a run of input channels with the outputs that read it: all of a plain
// convolution, one group of a grouped one, one channel of a depthwise one or of a pool. A group of
// a set is what the lanes compute at once; all groups of a set read the same window.
//
// One element is read a cycle, without a gap, except
//   - before an output row, until the input rows under it are written;
//   - after a window, PERIOD - (elements of a window) cycles for results that must leave first;
//   - while `enable` is 0.
//
// The address moves by a constant in each step (which one tells the loop that advances), modulo
// 2^ADDRESS_BITS: in the padding it points anywhere, and `in_image` is 0.
module walker #(
    parameter INPUT_HEIGHT    = 1,
    parameter INPUT_WIDTH     = 1,
    parameter INPUT_CHANNELS  = 1,
    parameter OUTPUT_HEIGHT   = 1,
    parameter OUTPUT_WIDTH    = 1,
    parameter SETS            = 1,
    parameter SET_CHANNELS    = 1,  // Input channels of a set.
    parameter GROUPS          = 1,  // Groups of lanes of a set.
    parameter KERNEL_HEIGHT   = 1,
    parameter KERNEL_WIDTH    = 1,
    parameter STRIDE_HEIGHT   = 1,
    parameter STRIDE_WIDTH    = 1,
    parameter DILATION_HEIGHT = 1,
    parameter DILATION_WIDTH  = 1,
    parameter PAD_TOP         = 0,
    parameter PAD_LEFT        = 0,
    parameter PADDED          = 0,  // Some window reaches over the border.
    parameter PERIOD          = 1,  // Cycles from window to window.
    parameter SOURCE_ROWS     = 1,  // Rows of the memory that is read...
    parameter FIRST_ROWS      = 1,  // ...of which the first output row needs so many...
    parameter ROWS_STEP       = 0,  // ...and each further one so many more.
    parameter ADDRESS_BITS    = 1,
    parameter ROW_BITS        = 1
) (
    input  wire                    clock,
    input  wire                    reset,
    input  wire                    start,          // One cycle: an image begins.
    input  wire [ROW_BITS-1:0]     rows_ready,     // Rows of the source that are written.
    input  wire                    enable,         // An element may be read.
    output reg                     running,        // From the start to the last element.
    output wire                    issue,          // `address` is read in this cycle.
    output reg  [ADDRESS_BITS-1:0] address,
    output wire                    in_image,         // The element lies in the image.
    output reg                     first,          // The first element of a window.
    output wire                    last,           // The last one...
    output wire                    last_group,     // ...of the last group of its set...
    output wire                    last_of_place   // ...and of the last set of its position.
);
    localparam WINDOW    = KERNEL_HEIGHT * KERNEL_WIDTH * SET_CHANNELS;
    localparam PAUSE     = PERIOD - WINDOW;
    localparam ROW_PITCH = INPUT_WIDTH * INPUT_CHANNELS;

    // What each loop adds to the address when it advances and those in_image it begin again.
    localparam SPAN = (KERNEL_HEIGHT - 1) * DILATION_HEIGHT * ROW_PITCH
                    + (KERNEL_WIDTH - 1) * DILATION_WIDTH * INPUT_CHANNELS + SET_CHANNELS - 1;
    localparam TO_COLUMN = DILATION_WIDTH * INPUT_CHANNELS - (SET_CHANNELS - 1);
    localparam TO_ROW    = DILATION_HEIGHT * ROW_PITCH
                         - (KERNEL_WIDTH - 1) * DILATION_WIDTH * INPUT_CHANNELS - (SET_CHANNELS - 1);
    localparam TO_GROUP  = -SPAN;
    localparam TO_SET    = SET_CHANNELS - SPAN;
    localparam TO_PLACE  = STRIDE_WIDTH * INPUT_CHANNELS - (SETS - 1) * SET_CHANNELS - SPAN;
    localparam TO_LINE   = STRIDE_HEIGHT * ROW_PITCH - (SETS - 1) * SET_CHANNELS - SPAN
                         - (OUTPUT_WIDTH - 1) * STRIDE_WIDTH * INPUT_CHANNELS;
    localparam ORIGIN    = -(PAD_TOP * ROW_PITCH + PAD_LEFT * INPUT_CHANNELS);

    localparam CHANNEL_BITS  = SET_CHANNELS < 2 ? 1 : $clog2(SET_CHANNELS);
    localparam KERNEL_W_BITS = KERNEL_WIDTH < 2 ? 1 : $clog2(KERNEL_WIDTH);
    localparam KERNEL_H_BITS = KERNEL_HEIGHT < 2 ? 1 : $clog2(KERNEL_HEIGHT);
    localparam GROUP_BITS    = GROUPS < 2 ? 1 : $clog2(GROUPS);
    localparam SET_BITS      = SETS < 2 ? 1 : $clog2(SETS);
    localparam COLUMN_BITS   = OUTPUT_WIDTH < 2 ? 1 : $clog2(OUTPUT_WIDTH);
    localparam LINE_BITS     = OUTPUT_HEIGHT < 2 ? 1 : $clog2(OUTPUT_HEIGHT);
    localparam PAUSE_BITS    = $clog2(PAUSE + 2);

    reg [CHANNEL_BITS-1:0]  channel;
    reg [KERNEL_W_BITS-1:0] kernel_column;
    reg [KERNEL_H_BITS-1:0] kernel_row;
    reg [GROUP_BITS-1:0]    group;
    reg [SET_BITS-1:0]      set;
    reg [COLUMN_BITS-1:0]   column;
    reg [LINE_BITS-1:0]     line;
    reg [PAUSE_BITS-1:0]    pause;      // Cycles without a read that are still to come.
    reg                     at_line_start;

    wire channels_end = channel == SET_CHANNELS - 1;
    wire columns_end  = channels_end && kernel_column == KERNEL_WIDTH - 1;
    assign last          = columns_end && kernel_row == KERNEL_HEIGHT - 1;
    assign last_group    = group == GROUPS - 1;
    wire set_end         = last && last_group;
    assign last_of_place = set_end && set == SETS - 1;
    wire line_end        = last_of_place && column == OUTPUT_WIDTH - 1;
    wire image_end       = line_end && line == OUTPUT_HEIGHT - 1;

    // Rows the output row needs; more than there are means all (the padding below the image).
    localparam NEEDED_BITS = $clog2(SOURCE_ROWS + PAD_TOP + OUTPUT_HEIGHT * ROWS_STEP
                                    + KERNEL_HEIGHT * DILATION_HEIGHT + 2) + 1;
    reg signed [NEEDED_BITS-1:0] rows_needed;
    wire signed [NEEDED_BITS-1:0] rows_there = {{(NEEDED_BITS - ROW_BITS){1'b0}}, rows_ready};
    wire ready = rows_there >= rows_needed || rows_ready == SOURCE_ROWS;

    assign issue = running && enable && pause == 0 && (!at_line_start || ready);

    wire [ADDRESS_BITS-1:0] step = !channels_end  ? 1
                                 : !columns_end   ? TO_COLUMN
                                 : !last          ? TO_ROW
                                 : !set_end       ? TO_GROUP
                                 : !last_of_place ? TO_SET
                                 : !line_end      ? TO_PLACE
                                                  : TO_LINE;

    always @(posedge clock) begin
        if (reset) running <= 1'b0;
        else if (start) running <= 1'b1;
        else if (issue && image_end) running <= 1'b0;

        if (start) begin
            channel       <= 0;
            kernel_column <= 0;
            kernel_row    <= 0;
            group         <= 0;
            set           <= 0;
            column        <= 0;
            line          <= 0;
            pause         <= 0;
            first         <= 1'b1;
            at_line_start <= 1'b1;
            rows_needed   <= FIRST_ROWS;
            address       <= ORIGIN;
        end else if (issue) begin
            address       <= address + step;
            first         <= last;
            at_line_start <= line_end;
            channel       <= channels_end ? 0 : channel + 1'b1;
            if (channels_end) kernel_column <= columns_end ? 0 : kernel_column + 1'b1;
            if (columns_end) kernel_row <= last ? 0 : kernel_row + 1'b1;
            if (last) group <= set_end ? 0 : group + 1'b1;
            if (set_end) set <= last_of_place ? 0 : set + 1'b1;
            if (last_of_place) column <= line_end ? 0 : column + 1'b1;
            if (line_end) line <= line + 1'b1;
            if (line_end) rows_needed <= rows_needed + ROWS_STEP;
            if (last) pause <= PAUSE;
        end else if (pause != 0) begin
            pause <= pause - 1'b1;
        end
    end

    // Where the element lies, to tell the padding.
    generate
        if (PADDED) begin : border
            localparam ROW_BACK    = (KERNEL_HEIGHT - 1) * DILATION_HEIGHT;
            localparam COLUMN_BACK = (KERNEL_WIDTH - 1) * DILATION_WIDTH;
            localparam POSITION_BITS = $clog2(INPUT_HEIGHT + INPUT_WIDTH + PAD_TOP + PAD_LEFT
                + ROW_BACK + COLUMN_BACK + STRIDE_HEIGHT * OUTPUT_HEIGHT
                + STRIDE_WIDTH * OUTPUT_WIDTH + 2) + 1;
            reg signed [POSITION_BITS-1:0] input_row, input_column;
            always @(posedge clock) begin
                if (start) begin
                    input_row    <= -PAD_TOP;
                    input_column <= -PAD_LEFT;
                end else if (issue && channels_end) begin
                    input_column <= line_end      ? -PAD_LEFT
                                  : last_of_place ? input_column + STRIDE_WIDTH - COLUMN_BACK
                                  : columns_end   ? input_column - COLUMN_BACK
                                                  : input_column + DILATION_WIDTH;
                    if (columns_end)
                        input_row <= line_end ? input_row + STRIDE_HEIGHT - ROW_BACK
                                   : last     ? input_row - ROW_BACK
                                              : input_row + DILATION_HEIGHT;
                end
            end
            assign in_image = input_row >= 0 && input_row < INPUT_HEIGHT
                         && input_column >= 0 && input_column < INPUT_WIDTH;
        end else begin : no_border
            assign in_image = 1'b1;
        end
    endgenerate
endmodule
