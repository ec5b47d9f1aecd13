// Test bench: images through the streams, logits against the expected ones. Images are sent and
// logits taken whenever the design lets them.
//   +images=N      only the first N
//   +stalls        all streams with gaps
//   +sent          prints the cycle in which each image's last logit leaves, from 0 in that of the
//                  first code of the first image
//   +dump          writes every memory after the first image: dump_NAME.hex
// Prints the cycle of each layer's last write in the first image (@ORIGIN_TEXT@), the register
// `cycles`, the cycles from image to image, and the number of differing logits.
`timescale 1ns / 1ps
module testbench;
@BENCH_HEAD@
    localparam MOST_PRINTED = 20;
    integer num_images, sent_images = 0, image = 0, differences = 0;
    reg     stalls, running = 1'b0, counting = 1'b0;
    reg [15:0] gaps = 16'hbeef;  // A shift register with feedback.
    integer now = 0, last_sent = 0, interval = 0;
    wire    first_code = in_valid && in_ready && !counting;

`ifndef DEEPAXE_NETLIST
    integer cycle = 0;
@LAST_WRITES@    always @(posedge clock) begin
        cycle <= @ORIGIN@ ? 1 : cycle + 1;
@RECORD_WRITES@    end

    task print_layers;
        begin
@PRINT_WRITES@        end
    endtask

    task dump;
        begin
@DUMP@        end
    endtask
`else
    // In a netlist the core has no names.
    task print_layers; begin end endtask
    task dump; begin end endtask
`endif

    task check_logit(input integer index, input [7:0] logit);
        if (logit !== expected[image*NUM_LOGITS + index]) begin
            if (differences < MOST_PRINTED)
                $display("image %0d logit %0d: %0d, expected %0d", image, index, $signed(logit),
                         $signed(expected[image*NUM_LOGITS + index]));
            differences = differences + 1;
        end
    endtask

    initial begin
        if (!$value$plusargs("images=%d", num_images)) num_images = NUM_IMAGES;
        if (num_images > NUM_IMAGES) num_images = NUM_IMAGES;
        stalls = $test$plusargs("stalls") != 0;
    end

    // The cycles, and where gaps are.
    always @(posedge clock) begin
        counting <= counting || first_code;
        now      <= first_code || counting ? now + 1 : 0;
        gaps     <= {gaps[14:0], gaps[15] ^ gaps[13] ^ gaps[12] ^ gaps[10]};
    end

    // The way in.
    integer sent_codes = 0;  // Of the image that is sent.
    wire    image_sent = sent_codes == IMAGE_SIZE - 1;
    always @(posedge clock) begin
        if (running && (!in_valid || in_ready)) begin
            in_valid <= sent_images < num_images && !(stalls && gaps[0]);
            if (sent_images < num_images && !(stalls && gaps[0])) begin
                in_data     <= images[sent_images*IMAGE_SIZE + sent_codes];
                in_last     <= image_sent;
                sent_codes  <= image_sent ? 0 : sent_codes + 1;
                sent_images <= sent_images + image_sent;
            end
        end
    end

    // The way out.
    integer count = 0;
    always @(posedge clock) begin
        out_ready <= !(stalls && gaps[1]);
        if (out_valid && out_ready) begin
            check_logit(count, out_data);
            if (out_last != (count == NUM_LOGITS - 1)) $display("TLAST at logit %0d", count);
            count <= count == NUM_LOGITS - 1 ? 0 : count + 1;
            if (count == NUM_LOGITS - 1) begin
                if ($test$plusargs("sent")) $display("image %0d sent %0d", image, now);
                if (image == 0) print_layers;
                if (image == 0 && $test$plusargs("dump")) dump;
                interval  <= now - last_sent;
                last_sent <= now;
                image     <= image + 1;
            end
        end
    end

    // The registers.
    localparam RESETTING = 0, CONTROL = 1, COMPUTING = 2, CYCLES = 3, STATUS = 4, END = 5;
    integer state = RESETTING, resets = 0;
    always @(posedge clock) begin
        case (state)
            RESETTING: begin
                resets <= resets + 1;
                resetn <= resets >= 20;
                if (resets == 24) begin
                    write_valid <= 1'b1;
                    state       <= CONTROL;
                end
            end
            CONTROL: if (write_ready) begin
                write_valid <= 1'b0;
                running     <= 1'b1;
                state       <= COMPUTING;
            end
            COMPUTING: if (image == num_images) begin
                read_address <= 4'h8;
                read_valid   <= 1'b1;
                state        <= CYCLES;
            end
            CYCLES: begin
                if (read_ready) read_valid <= 1'b0;
                if (read_done) begin
                    $display("cycles %0d", read_data);
                    if (num_images > 1) $display("interval %0d", interval);
                    read_address <= 4'h4;
                    read_valid   <= 1'b1;
                    state        <= STATUS;
                end
            end
            STATUS: begin
                if (read_ready) read_valid <= 1'b0;
                if (read_done) begin
                    if (read_data[3]) $display("an image had a wrong length");
                    $display("%0d images, %0d differing logits of %0d", num_images, differences,
                             num_images * NUM_LOGITS);
                    state <= END;
                    $finish;
                end
            end
            default: ;
        endcase
    end
endmodule
@WEIGHT_SOURCE@
