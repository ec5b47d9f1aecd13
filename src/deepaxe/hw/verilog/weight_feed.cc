#include "deepaxe/hw/verilog/weight_feed.h"

#include <fmt/format.h>

#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

constexpr std::string_view kSource = R"(
// Words of a file on a stream, again from the first one after the last one; with gaps if asked for.
module weight_source #(
    parameter WIDTH = 8,
    parameter WORDS = 1,
    parameter FILE  = ""
) (
    input  wire             clock,
    output wire [WIDTH-1:0] tdata,
    output reg              tvalid,
    input  wire             tready
);
    reg [WIDTH-1:0] words [0:WORDS-1];
    reg [15:0]      gaps = 16'hace1;  // A shift register with feedback.
    reg             stalls;
    integer         word = 0;
    assign tdata = words[word];
    initial begin
        $readmemh(FILE, words);
        tvalid = 1'b0;
        stalls = $test$plusargs("stalls") != 0;
    end
    always @(posedge clock) begin
        gaps <= {gaps[14:0], gaps[15] ^ gaps[13] ^ gaps[12] ^ gaps[10]};
        if (tvalid && tready) word <= word == WORDS - 1 ? 0 : word + 1;
        if (!tvalid || tready) tvalid <= !stalls || gaps[0];
    end
endmodule
)";

}  // namespace

WeightFeed weight_feed(const std::vector<LayerModule>& layers) {
  WeightFeed feed;
  for (const LayerModule& layer : layers) {
    if (!layer.has_weight_stream) continue;
    const std::string bus = weight_bus(layer);
    const int width = 8 * layer.walk.lanes;
    feed.declarations += fmt::format("    wire {0} {1}_tdata;\n    wire {1}_tvalid, {1}_tready;\n",
                                     range_text(width), bus);
    feed.declarations += instance_text("weight_source", layer.plan.name + "_weights",
                                       {{"WIDTH", fmt::format("{}", width)},
                                        {"WORDS", fmt::format("{}", layer.walk.weight_words())},
                                        {"FILE", fmt::format("\"{}\"", layer.file("weights"))}},
                                       {{"clock", "clock"},
                                        {"tdata", bus + "_tdata"},
                                        {"tvalid", bus + "_tvalid"},
                                        {"tready", bus + "_tready"}});
    for (const char* signal : {"_tdata", "_tvalid", "_tready"}) {
      feed.ports += fmt::format(",\n        .{0}{1}({0}{1})", bus, signal);
    }
  }
  if (!feed.declarations.empty()) feed.source = kSource;
  return feed;
}

}  // namespace deepaxe::hw::verilog
