// When a layer of a pipeline begins an image: as soon as it has done with the last one and there is
// room for what it will write. It has done when its codes are written, and those it reads from: a
// layer that needs only the first rows of an image must not take the next one for it.
module stage_control (
    input  wire clock,
    input  wire reset,
    input  wire room,
    input  wire last_write,       // The last code of the image is written in this cycle.
    input  wire inputs_complete,
    output wire start,
    output wire done
);
    reg busy, written;
    assign start = !busy && room && !reset;
    assign done  = busy && (written || last_write) && inputs_complete;
    always @(posedge clock) begin
        busy    <= !reset && (start || busy && !done);
        written <= !reset && !start && (written || last_write) && !done;
    end
endmodule
