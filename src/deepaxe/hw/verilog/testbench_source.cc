#include "deepaxe/hw/verilog/testbench_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/verilog/bench_text.h"
#include "deepaxe/hw/verilog/pipeline_core.h"

namespace deepaxe::hw::verilog {
namespace {

// A memory of the core: the name of its instance, and the node that writes it.
struct Memory {
  std::string name;
  int writer = 0;
};

std::vector<Memory> memories_of(const std::vector<LayerModule>& layers,
                                const std::vector<design::ImageQueue>& queues) {
  std::vector<Memory> memories;
  for (const design::ImageQueue& queue : queues) {
    memories.push_back({queue_name(layers, queues, queue), queue.writer});
  }
  if (!memories.empty()) return memories;
  memories.push_back({"image", 0});
  for (const LayerModule& layer : layers) memories.push_back({layer.plan.target, layer.plan.node});
  return memories;
}

std::string codes_text(std::span<const std::int8_t> codes) {
  std::string text;
  for (const std::int8_t code : codes) text += hex_text(code, 8) + '\n';
  return text;
}

}  // namespace

void write_testbench(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                     const std::vector<design::ImageQueue>& queues,
                     const design::TestVectors& vectors, const std::string& top) {
  std::string last_writes, records, prints, dumps;
  const std::vector<Memory> memories = memories_of(layers, queues);
  for (const LayerModule& layer : layers) {
    const std::string& name = layer.plan.name;
    const auto target = std::ranges::find(memories, layer.plan.node, &Memory::writer);
    last_writes += fmt::format("    integer {}_last_write = 0;\n", name);
    records += fmt::format(
        "        if (dut.core.{0}_valid && dut.core.{1}.last_write) {0}_last_write <= cycle;\n",
        name, target->name);
    prints +=
        fmt::format("            $display(\"layer {0} last write %0d\", {0}_last_write);\n", name);
  }
  for (const Memory& memory : memories) {
    dumps +=
        fmt::format("            $writememh(\"dump_{0}.hex\", dut.core.{0}.codes);\n", memory.name);
  }
  const bool is_pipelined = !queues.empty();
  std::string text = bench_text("testbench.v", layers, vectors.count, top);
  text = base::replaced(text, "@ORIGIN@", is_pipelined ? "first_code" : "dut.core.start");
  text = base::replaced(text, "@ORIGIN_TEXT@",
                        is_pipelined ? "the same, with +images=1" : "from 0 at its start");
  text = base::replaced(text, "@LAST_WRITES@", last_writes);
  text = base::replaced(text, "@RECORD_WRITES@", records);
  text = base::replaced(text, "@PRINT_WRITES@", prints);
  files["testbench.v"] = base::replaced(text, "@DUMP@", dumps);
  files["images.hex"] = codes_text(vectors.images);
  files["logits.hex"] = codes_text(vectors.logits);
}

}  // namespace deepaxe::hw::verilog
