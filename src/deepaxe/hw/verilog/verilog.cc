#include "deepaxe/hw/verilog/verilog.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/text.h"
#include "deepaxe/hw/design/identifier.h"
#include "deepaxe/hw/verilog/block_rams.h"
#include "deepaxe/hw/verilog/computing_module.h"
#include "deepaxe/hw/verilog/core_module.h"
#include "deepaxe/hw/verilog/elementwise_module.h"
#include "deepaxe/hw/verilog/fault_bench_source.h"
#include "deepaxe/hw/verilog/multiplier_modules.h"
#include "deepaxe/hw/verilog/pipeline_core.h"
#include "deepaxe/hw/verilog/project_files.h"
#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/hw/verilog/testbench_source.h"
#include "deepaxe/hw/verilog/top_module.h"
#include "deepaxe/hw/verilog/used_modules.h"

namespace deepaxe::hw::verilog {
namespace {

using model::Int8Model;

// Every module but the top one has a name of these.
bool is_taken(const std::string& top, const design::SourceFiles& files) {
  return files.contains(top + ".v") || top == "core" || top == "testbench" ||
         top == "fault_bench" || top.starts_with("block_ram") || top.ends_with("_gates");
}

void check_arguments(const Int8Model& model, std::size_t num_multipliers,
                     const design::TestVectors& vectors, const VerilogParams& params) {
  const std::size_t num_computing = model::computing_nodes(model).size();
  if (num_multipliers != num_computing || params.parallel_outputs.size() != num_computing) {
    throw std::invalid_argument(fmt::format(
        "{} multipliers and {} numbers of parallel outputs, expected {}, one for each computing "
        "layer",
        num_multipliers, params.parallel_outputs.size(), num_computing));
  }
  if (!params.weight_streams.empty() && params.weight_streams.size() != num_computing) {
    throw std::invalid_argument(fmt::format("weight streams for {} layers, expected {}",
                                            params.weight_streams.size(), num_computing));
  }
  if (std::ranges::any_of(params.parallel_outputs, [](int n) { return n < 1; })) {
    throw std::invalid_argument("parallel outputs below 1");
  }
  if (!(params.clock_mhz > 0)) {
    throw std::invalid_argument(fmt::format("a clock of {} MHz", params.clock_mhz));
  }
  const auto count = static_cast<std::size_t>(vectors.count);
  const auto& logits = model.nodes.at(static_cast<std::size_t>(model::logits_node(model)));
  if (count == 0 || vectors.images.size() != count * model::num_elements(model.input_shape()) ||
      vectors.logits.size() != count * model::num_elements(logits.shape)) {
    throw std::invalid_argument(fmt::format("test vectors of {} and {} elements for {} images",
                                            vectors.images.size(), vectors.logits.size(), count));
  }
}

// yosys maps no ROM that asks for distributed memory, and calls LUTs "logic".
constexpr std::string_view kDistributedRom =
    "`ifdef YOSYS\n    (* rom_style = \"logic\" *)\n`else\n    (* rom_style = \"distributed\" "
    "*)\n`endif\n";

// The fixed modules ask for block RAM where they have a memory that can be one.
std::string with_memory_style(std::string_view text, MemoryStyle memory) {
  if (memory == MemoryStyle::kBlock) return std::string(text);
  std::string styled = base::replaced(
      base::replaced(text, "(* ram_style = \"block\" *)", "(* ram_style = \"distributed\" *)"),
      "    (* rom_style = \"block\" *)\n", kDistributedRom);
  DEEPAXE_ASSERT(styled.find("_style = \"block\"") == std::string::npos);
  return styled;
}

}  // namespace

design::SourceFiles generate_verilog(const Int8Model& model,
                                     std::span<const arith::NamedMultiplier* const> multipliers,
                                     const design::TestVectors& vectors,
                                     const VerilogParams& params) {
  check_arguments(model, multipliers.size(), vectors, params);
  // Names get endings or beginnings wherever they stand, so that no keyword is one.
  const design::DesignPlan plan = design::make_plan(model, [](std::string_view) { return false; });
  const MultiplierModules modules(multipliers, params.exact_form);
  std::vector<LayerModule> layers;
  for (const design::LayerPlan& layer : plan.layers) {
    const bool computes = layer.computing_index >= 0;
    const auto computing = static_cast<std::size_t>(layer.computing_index);
    layers.push_back(
        make_layer_module(model, layer, computes ? params.parallel_outputs[computing] : 1));
    layers.back().has_weight_stream =
        computes && !params.weight_streams.empty() && params.weight_streams[computing];
  }

  design::SourceFiles files;
  for (const auto& [name, content] : rtl_files()) {
    files[name] = with_memory_style(content, params.memory);
  }
  for (const LayerModule& layer : layers) {
    if (layer.plan.computing_index < 0) {
      write_elementwise_module(files, layer);
      continue;
    }
    const auto index = static_cast<std::size_t>(layer.plan.computing_index);
    write_computing_module(files, layer, modules.module_of(index), modules.describe(index));
  }
  modules.write(files);
  const bool is_pipelined = params.schedule == design::ImageSchedule::kPipelined;
  const auto queues = is_pipelined ? design::image_queues(plan) : std::vector<design::ImageQueue>();
  files["core.v"] =
      is_pipelined ? pipeline_core_text(model, layers, queues) : core_text(model, layers);
  std::string top = design::make_identifier(params.name, "accelerator_");
  while (is_taken(top, files)) top += "_top";
  files[top + ".v"] = top_text(model, layers, params.schedule, top);
  drop_unused_modules(files, top);
  write_testbench(files, layers, queues, vectors, top);
  write_fault_bench(files, layers, queues, vectors.count, top);
  files[kBlockRamsFile] = block_rams_text();
  write_project(files, layers, modules, top, params);
  return files;
}

}  // namespace deepaxe::hw::verilog
