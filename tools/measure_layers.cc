// Prints what yosys counts in each layer of int8 networks, beside the features by which hw/cost
// predicts it; for tools/fit_layer_resources.py.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/frontend/tflite/tflite.h"
#include "deepaxe/hw/cost/layer_features.h"
#include "deepaxe/hw/cost/layer_resources.h"
#include "deepaxe/hw/synthesis/yosys_source.h"
#include "deepaxe/model/graph.h"

namespace {

using namespace deepaxe;

void print_row(const std::string& layer, const std::string& kind, int outputs,
               std::span<const double> features, const hw::cost::Resources& predicted,
               const hw::cost::Estimate& counted) {
  fmt::print("{},{},{}", layer, kind, outputs);
  for (const double value : features) fmt::print(",{}", value);
  fmt::print(",{},{},{},{},{}", counted.value.luts, counted.low.luts, counted.value.ffs,
             counted.value.dsps, counted.value.bram_36kb);
  fmt::print(",{},{},{},{}\n", predicted.luts, predicted.ffs, predicted.dsps, predicted.bram_36kb);
  std::fflush(stdout);
}

void measure(const std::string& file, int outputs, const std::filesystem::path& cache) {
  const model::Int8Model model = frontend::tflite::read_tflite(file);
  const bool computing_only = outputs > 1, others_only = outputs == 0;
  hw::cost::HardwareParams hardware;
  hardware.parallel_outputs = std::max(outputs, 1);
  const hw::synthesis::YosysSource source(model, hardware, {.cache = cache, .seconds = 3600});
  const std::string network = std::filesystem::path(file).stem().string();
  for (int node = 0; node < static_cast<int>(model.nodes.size()); ++node) {
    const model::Int8Node& layer = model.nodes[static_cast<std::size_t>(node)];
    const bool computes = model::is_computing(layer.op);
    if (!source.has_layer(node) || (computes ? others_only : computing_only)) continue;
    const int n = computes ? outputs : 1;
    print_row(network + ":" + layer.name, std::string(model::op_name(layer.op)), n,
              hw::cost::layer_features(model, node, n).values,
              hw::cost::layer_resources(model, node, n), source.layer(node));
  }
  if (computing_only) return;
  print_row(network + ":core", "core", 1, hw::cost::core_features(model),
            hw::cost::core_resources(model), source.core());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs(
        "usage: measure_layers CACHE OUTPUTS MODEL.tflite...\n"
        "OUTPUTS 0: what does not compute; 1: all; more: what computes\n",
        stderr);
    return 2;
  }
  try {
    for (int i = 3; i < argc; ++i) measure(argv[i], std::stoi(argv[2]), argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
