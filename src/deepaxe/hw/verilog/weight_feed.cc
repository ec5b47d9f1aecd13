#include "deepaxe/hw/verilog/weight_feed.h"

#include <fmt/format.h>

#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
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
  if (!feed.declarations.empty()) feed.source = bench_file("weight_source.v");
  return feed;
}

}  // namespace deepaxe::hw::verilog
