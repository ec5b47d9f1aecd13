// The host's side of a pipeline: images come in and logits go out on AXI4-Stream, registers on
// AXI4-Lite.
//
//   address  register
//   0x00     control   bit 0: take one image (clears itself); bit 1: take every image
//   0x04     status    bit 0: busy, an image has not left yet; bit 1: an image is coming in;
//                      bit 2: logits are being sent;
//                      bit 3: an image had another length than its TLAST said (write 1 to clear)
//   0x08     cycles    from the last logit of an image to that of the next one, of the last two
//   0x0c     images    computed since the reset
//
// Images are taken as long as there is room for them; logits leave in the same order.
module pipeline_shell #(
    parameter NUM_LOGITS   = 1,
    parameter ADDRESS_BITS = 1
) (
    input  wire        clock,
    input  wire        reset,
    // Images, one code a beat, channels fastest; TLAST with the last code.
    @s_axis@
    // Logits, one code a beat.
    @m_axis@
    // Registers.
    @s_axil@
    // The core.
    output wire        image_write,
    output wire [7:0]  image_code,
    input  wire        image_last,       // The next code is the last one of the image.
    input  wire        image_room,       // It can be written.
    input  wire        logits_complete,
    output wire        logits_done,      // The last one has left.
    output reg  [ADDRESS_BITS-1:0] logit_address,
    input  wire [7:0]  logit_code        // A cycle after its address.
);
    reg        sending;     // Else the address of a logit is given.
    reg        automatic_start, start_asked, wrong_length;
    reg        coming;      // An image has begun to come in.
    reg [31:0] images, images_taken, cycles, cycles_so_far;

    wire is_last_logit = logit_address == NUM_LOGITS - 1;
    wire sent          = m_axis_tvalid && m_axis_tready;

    assign s_axis_tready = image_room && (coming || automatic_start || start_asked);
    assign image_write   = s_axis_tready && s_axis_tvalid;
    assign image_code    = s_axis_tdata;
    assign m_axis_tdata  = logit_code;
    assign m_axis_tvalid = sending;
    assign m_axis_tlast  = is_last_logit;
    assign logits_done   = sent && is_last_logit;

    always @(posedge clock) begin
        if (reset) begin
            sending       <= 1'b0;
            coming        <= 1'b0;
            logit_address <= 0;
            images        <= 0;
            images_taken  <= 0;
        end else begin
            sending <= sending ? !sent : logits_complete;
            if (sent) logit_address <= is_last_logit ? 0 : logit_address + 1'b1;
            if (logits_done) images <= images + 1'b1;
            if (image_write) coming <= !image_last;
            if (image_write && !coming) images_taken <= images_taken + 1'b1;
        end
        cycles_so_far <= reset || logits_done ? 1 : cycles_so_far + 1'b1;
        if (reset) cycles <= 0;
        else if (logits_done) cycles <= cycles_so_far;
    end

    wire write_control, write_status;
    axi_registers registers (
        .clock(clock), .reset(reset),
        .write_control(write_control), .write_status(write_status),
        .control({30'b0, automatic_start, start_asked}),
        .status({28'b0, wrong_length, sending, coming, images != images_taken}),
        .cycles(cycles), .images(images),
        @s_axil.connections@
    );

    always @(posedge clock) begin
        if (reset) begin
            automatic_start <= 1'b0;
            start_asked     <= 1'b0;
            wrong_length    <= 1'b0;
        end else begin
            if (write_control) automatic_start <= s_axil_wdata[1];
            start_asked   <= write_control ? s_axil_wdata[0]
                                           : start_asked && !(image_write && !coming);
            wrong_length  <= image_write && s_axis_tlast != image_last
                          || wrong_length && !(write_status && s_axil_wdata[3]);
        end
    end
endmodule
