#include "deepaxe/hw/verilog/bench_text.h"

#include <fmt/format.h>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/hw/verilog/weight_feed.h"

namespace deepaxe::hw::verilog {

std::string bench_text(std::string_view file, const std::vector<LayerModule>& layers,
                       int num_images, const std::string& top) {
  const model::Int8Model& model = layers.front().model;
  const WeightFeed feed = weight_feed(layers);
  std::string text = base::replaced(bench_file(file), "@BENCH_HEAD@", bench_file("bench_head.v"));
  text = base::replaced(text, "@NUM_IMAGES@", fmt::format("{}", num_images));
  text = base::replaced(text, "@IMAGE_SIZE@",
                        fmt::format("{}", model::num_elements(model.input_shape())));
  text = base::replaced(text, "@NUM_LOGITS@",
                        fmt::format("{}", model::num_elements(layers.back().node().shape)));
  text = base::replaced(text, "@TOP@", top);
  text = base::replaced(text, "@WEIGHT_FEED@", feed.declarations);
  text = base::replaced(text, "@WEIGHT_PORTS@", feed.ports);
  return base::replaced(text, "@WEIGHT_SOURCE@", feed.source);
}

}  // namespace deepaxe::hw::verilog
