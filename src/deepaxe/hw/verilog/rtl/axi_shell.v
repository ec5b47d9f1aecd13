// The host's side: images come in and logits go out on AXI4-Stream, registers on AXI4-Lite.
//
//   address  register
//   0x00     control   bit 0: start, once the image is there (clears itself)
//                      bit 1: automatic: start each image as soon as it is there
//   0x04     status    bit 0: busy; bit 1: an image is there; bit 2: logits are being sent;
//                      bit 3: an image had another length than its TLAST said (write 1 to clear)
//   0x08     cycles    of the last image, from its start to its last logit
//   0x0c     images    computed since the reset
//
// One image at a time: the next one is taken when the logits of the last one have left.
module axi_shell #(
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
    output wire        image_clear,
    output wire        image_write,
    output wire [7:0]  image_code,
    input  wire        image_last,       // The next code is the last one of the image.
    input  wire        image_complete,
    output wire        start,
    input  wire        busy,
    input  wire [31:0] cycles,
    output reg  [ADDRESS_BITS-1:0] logit_address,
    input  wire [7:0]  logit_code        // A cycle after its address.
);
    localparam LOADING = 3'd0, READY = 3'd1, RUNNING = 3'd2, FETCHING = 3'd3, SENDING = 3'd4;
    reg [2:0]  state;
    reg        automatic_start, start_asked, wrong_length;
    reg [31:0] images;

    wire is_last_logit = logit_address == NUM_LOGITS - 1;
    wire sent          = m_axis_tvalid && m_axis_tready;

    assign s_axis_tready = state == LOADING && !image_complete;
    assign image_write   = s_axis_tready && s_axis_tvalid;
    assign image_code    = s_axis_tdata;
    assign image_clear   = reset || sent && is_last_logit;
    assign start         = state == READY && (automatic_start || start_asked);
    assign m_axis_tdata  = logit_code;
    assign m_axis_tvalid = state == SENDING;
    assign m_axis_tlast  = is_last_logit;

    always @(posedge clock) begin
        if (reset) begin
            state         <= LOADING;
            logit_address <= 0;
            images        <= 0;
        end else begin
            case (state)
                LOADING:  if (image_complete) state <= READY;
                READY:    if (start) state <= RUNNING;
                RUNNING:  if (!busy) begin
                    state  <= FETCHING;
                    images <= images + 1'b1;
                end
                FETCHING: state <= SENDING;
                default:  if (sent) begin
                    logit_address <= is_last_logit ? 0 : logit_address + 1'b1;
                    state         <= is_last_logit ? LOADING : FETCHING;
                end
            endcase
        end
    end

    wire write_control, write_status;
    axi_registers registers (
        .clock(clock), .reset(reset),
        .write_control(write_control), .write_status(write_status),
        .control({30'b0, automatic_start, start_asked}),
        .status({28'b0, wrong_length, state == FETCHING || state == SENDING, image_complete, busy}),
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
            start_asked   <= write_control ? s_axil_wdata[0] : start_asked && !start;
            wrong_length  <= image_write && s_axis_tlast != image_last
                          || wrong_length && !(write_status && s_axil_wdata[3]);
        end
    end
endmodule
