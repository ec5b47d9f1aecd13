    localparam NUM_IMAGES = @NUM_IMAGES@, IMAGE_SIZE = @IMAGE_SIZE@, NUM_LOGITS = @NUM_LOGITS@;

    reg clock = 1'b0, resetn = 1'b0;
    always #5 clock = !clock;

    reg  [7:0]  in_data;
    reg         in_valid = 1'b0, in_last, out_ready = 1'b1;
    wire        in_ready;
    wire [7:0]  out_data;
    wire        out_valid, out_last;
    reg  [3:0]  read_address;
    reg         write_valid = 1'b0;  // Of the control register: every image is taken and started.
    reg         read_valid = 1'b0;
    wire        write_ready, read_ready, read_done;
    wire [31:0] read_data;

@WEIGHT_FEED@    @TOP@ dut (
        .aclk(clock), .aresetn(resetn),
        .s_axis_tdata(in_data), .s_axis_tvalid(in_valid), .s_axis_tready(in_ready),
        .s_axis_tlast(in_last), .m_axis_tdata(out_data), .m_axis_tvalid(out_valid),
        .m_axis_tready(out_ready), .m_axis_tlast(out_last),
        .s_axil_awaddr(4'h0), .s_axil_awvalid(write_valid), .s_axil_awready(write_ready),
        .s_axil_wdata(32'h2), .s_axil_wvalid(write_valid), .s_axil_wready(), .s_axil_bresp(),
        .s_axil_bvalid(), .s_axil_bready(1'b1), .s_axil_araddr(read_address),
        .s_axil_arvalid(read_valid), .s_axil_arready(read_ready), .s_axil_rdata(read_data),
        .s_axil_rresp(), .s_axil_rvalid(read_done), .s_axil_rready(1'b1)@WEIGHT_PORTS@
    );

    reg [7:0] images [0:NUM_IMAGES*IMAGE_SIZE-1];
    reg [7:0] expected [0:NUM_IMAGES*NUM_LOGITS-1];
    initial begin
        $readmemh("images.hex", images);
        $readmemh("logits.hex", expected);
    end
