// Four registers of 32 bits on AXI4-Lite, read at 0x0, 0x4, 0x8, 0xc; writes of the first two are
// told to who keeps them.
module axi_registers (
    input  wire        clock,
    input  wire        reset,
    input  wire [3:0]  s_axil_awaddr,
    input  wire        s_axil_awvalid,
    output wire        s_axil_awready,
    input  wire [31:0] s_axil_wdata,
    input  wire        s_axil_wvalid,
    output wire        s_axil_wready,
    output wire [1:0]  s_axil_bresp,
    output reg         s_axil_bvalid,
    input  wire        s_axil_bready,
    input  wire [3:0]  s_axil_araddr,
    input  wire        s_axil_arvalid,
    output wire        s_axil_arready,
    output reg  [31:0] s_axil_rdata,
    output wire [1:0]  s_axil_rresp,
    output reg         s_axil_rvalid,
    input  wire        s_axil_rready,
    output wire        write_control,  // s_axil_wdata is written to 0x0...
    output wire        write_status,   // ...or to 0x4.
    input  wire [31:0] control,
    input  wire [31:0] status,
    input  wire [31:0] cycles,
    input  wire [31:0] images
);
    // A write is taken when address and data are there and the last response has gone.
    wire write = s_axil_awvalid && s_axil_wvalid && !s_axil_bvalid;
    assign s_axil_awready = write;
    assign s_axil_wready  = write;
    assign s_axil_bresp   = 2'b00;
    assign write_control  = write && s_axil_awaddr[3:2] == 2'd0;
    assign write_status   = write && s_axil_awaddr[3:2] == 2'd1;
    always @(posedge clock) begin
        if (reset) s_axil_bvalid <= 1'b0;
        else s_axil_bvalid <= write || s_axil_bvalid && !s_axil_bready;
    end

    assign s_axil_arready = s_axil_arvalid && !s_axil_rvalid;
    assign s_axil_rresp   = 2'b00;
    always @(posedge clock) begin
        if (reset) s_axil_rvalid <= 1'b0;
        else s_axil_rvalid <= s_axil_arready || s_axil_rvalid && !s_axil_rready;
        if (s_axil_arready) begin
            case (s_axil_araddr[3:2])
                2'd0:    s_axil_rdata <= control;
                2'd1:    s_axil_rdata <= status;
                2'd2:    s_axil_rdata <= cycles;
                default: s_axil_rdata <= images;
            endcase
        end
    end
endmodule
