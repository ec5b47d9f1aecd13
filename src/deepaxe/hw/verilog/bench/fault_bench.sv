// Fault bench: each fault is tried in a copy of the running simulation (fault_copies.cc), so that
// no fault meets another.
//   +places         only lists the design's state: `place NUMBER WORDS BITS GROUP NAME`
//   +image=N        the image of images.hex
//   +faults=FILE    lines `NUMBER CYCLE PLACE WORD BIT`, ordered by cycle (faults.txt)
//   +results=FILE   gets a line for each fault, of the form in fault_copies.cc
//                   (build/fault_results.txt)
//   +jobs=N         so many copies at a time
//   +limit=N        cycles after which an image is given up, a hang: else twice what it takes
// A fault flips one bit in the middle of a cycle, between two clock edges; cycles count from 0, that
// of the start or, in a pipeline, of the image's first code. The bit stays until the design writes
// it. Cycle -1: as soon as that word of an activation memory is written. When the image has left, it is sent again, without a reset: does
// the fault last?
`timescale 1ns / 1ps
module fault_bench;
@BENCH_HEAD@
    localparam NO_FAULT = 32'h7fffffff;

    import "DPI-C" function int  faults_open(input string faults, input string results, input int jobs);
    import "DPI-C" function int  faults_next_cycle();  // NO_FAULT after the last one.
    // 1 in a copy that tries the next fault, 0 in the simulation that goes on without it.
    import "DPI-C" function int  faults_try(output int cycle, output int place, output int word,
                                            output int bit_index);
    import "DPI-C" function void faults_logit(input int code);
    import "DPI-C" function void faults_image_done(input int cycles, input int wrong_frame);
    import "DPI-C" function void faults_end(input int hangs, input int lasts);  // Ends the copy.
    import "DPI-C" function int  faults_wait();  // For all copies; how many crashed.

    // The fault of this copy.
    int place, word, bit_index, fault_cycle;
    reg is_copy = 1'b0, awaits_write = 1'b0, was_write = 1'b0;
    reg strike = 1'b0;  // Changes when the bit is to flip.

    task list_places;
        begin
@LIST@        end
    endtask

    // The design is about to write `word` of memory `place`.
    function is_write;
        input dummy;
        case (place)
@WRITES@            default: is_write = 1'b0;
        endcase
    endfunction

    always @(strike) begin
        case (place)
@FLIPS@            default: $fatal(1, "no place %0d", place);
        endcase
    end

    localparam RESETTING = 0, CONTROL = 1, LOADING = 2, TAKING = 3, CYCLES = 4, STATUS = 5, END = 6;
    int state = RESETTING, count = 0, spent = 0, cycles = 0;
    int image, jobs, limit;
    string faults_file, results_file;
    reg again = 1'b0, differs = 1'b0, wrong_frame = 1'b0, golden_fails = 1'b0;
    int taken = 0, last_taken = 0;  // Logits; the cycle of the last one.

    wire is_origin = @ORIGIN@;
    int  next_cycle = -1;  // -1 before the origin.
    wire signed [31:0] cycle = is_origin ? 0 : next_cycle;
    always @(posedge clock) next_cycle <= cycle < 0 ? -1 : cycle + 1;

    initial begin
        if (!$value$plusargs("image=%d", image)) image = 0;
        if (!$value$plusargs("jobs=%d", jobs)) jobs = 1;
        if (!$value$plusargs("limit=%d", limit)) limit = 2 * @TOTAL_CYCLES@ + 4 * IMAGE_SIZE;
        if (!$value$plusargs("faults=%s", faults_file)) faults_file = "faults.txt";
        if (!$value$plusargs("results=%s", results_file)) results_file = "build/fault_results.txt";
        if ($test$plusargs("places")) begin
            list_places;
            $finish;
        end else if (image >= NUM_IMAGES || faults_open(faults_file, results_file, jobs) != 0) begin
            $fatal(1, "no image %0d, or no faults in %s", image, faults_file);
        end
    end

    // Between the edges: copies are made, and their faults happen.
    wire computing = @COMPUTING@;
    always @(negedge clock) begin
        if (!is_copy && !again) begin
            while (computing && !is_copy && faults_next_cycle() <= cycle) begin
                if (faults_try(fault_cycle, place, word, bit_index) != 0) begin
                    is_copy = 1'b1;
                    if (fault_cycle < 0) awaits_write = 1'b1;
                    else strike = !strike;
                end
            end
        end else if (awaits_write) begin
            if (was_write) strike = !strike;
            awaits_write = !was_write;
            was_write    = is_write(1'b0);
        end
    end

    // In the simulation without a fault a difference is an error of the design.
    task finish_image(input reg hangs);
        begin
            if (!is_copy) begin
                if (hangs || differs || wrong_frame) golden_fails = 1'b1;
                if (faults_next_cycle() != NO_FAULT) $display("a fault after the last cycle");
                if (faults_wait() != 0) $display("a copy of the simulation crashed");
                else if (golden_fails) $display("image %0d differs without a fault", image);
                else $display("image %0d done, %0d cycles", image, cycles);
                $finish;
            end else if (again) begin
                faults_end(0, hangs || differs || wrong_frame || cycles != @TOTAL_CYCLES@);
            end else if (hangs) begin
                faults_end(1, 0);
            end else begin
                faults_image_done(cycles, wrong_frame);
            end
            again       = 1'b1;
            differs     = 1'b0;
            wrong_frame = 1'b0;
            spent       = 0;
        end
    endtask

    always @(posedge clock) begin
        spent = spent + 1;
        if (spent > limit && state != END) begin
            state <= END;
            finish_image(1'b1);
        end else case (state)
            RESETTING: begin
                count  <= count + 1;
                resetn <= count >= 20;
                if (count == 24) begin
                    write_valid <= 1'b1;  // Automatic start.
                    state       <= CONTROL;
                end
            end
            CONTROL: if (write_ready) begin
                write_valid <= 1'b0;
                count       <= 0;
                spent        = 0;
                state       <= LOADING;
            end
            LOADING: if (!in_valid || in_ready) begin
                in_valid <= count < IMAGE_SIZE;
                in_last  <= count == IMAGE_SIZE - 1;
                if (count < IMAGE_SIZE) in_data <= images[image*IMAGE_SIZE + count];
                count    <= count == IMAGE_SIZE ? 0 : count + 1;
                if (count == IMAGE_SIZE) state <= TAKING;
            end
            TAKING: if (taken == NUM_LOGITS) begin
                read_address <= 4'h8;
                read_valid   <= 1'b1;
                state        <= CYCLES;
            end
            CYCLES: begin
                if (read_ready) read_valid <= 1'b0;
                if (read_done) begin
                    cycles        = @CYCLES@;
                    read_address <= 4'h4;
                    read_valid   <= 1'b1;
                    state        <= STATUS;
                end
            end
            STATUS: begin
                if (read_ready) read_valid <= 1'b0;
                if (read_done) begin
                    if (read_data[3]) wrong_frame = 1'b1;
                    state <= LOADING;
                    finish_image(1'b0);
                end
            end
            default: ;
        endcase
    end

    // A pipeline may have logits before it has all of an image.
    always @(posedge clock) begin
        if (state == LOADING || state == TAKING) begin
            if (out_valid && taken < NUM_LOGITS) begin
                if (is_copy && !again) faults_logit({{24{out_data[7]}}, out_data});
                if (out_data !== expected[image*NUM_LOGITS + taken]) differs = 1'b1;
                if (out_last != (taken == NUM_LOGITS - 1)) wrong_frame = 1'b1;
                last_taken = cycle;
                taken     <= taken + 1;
            end
        end else begin
            taken <= 0;
        end
    end
endmodule
@WEIGHT_SOURCE@