// How much faster the kernels run the computing layers of a network with some multiplier than a
// scalar loop of table look-ups unrolled by 8, as published emulators have it. One core.
// usage: multiplier_bench MODEL.tflite MULTIPLIER [ROUNDS] [BATCH]
// Each round times both once over all computing layers, one after the other; printed is a JSON line
// with the medians. Activations are those of random images.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "deepaxe/kernel/isa.h"
#include "deepaxe/kernel/table/table_layer.h"
#include "deepaxe/kernel/table/window.h"
#include "deepaxe/model/graph.h"

namespace deepaxe {
namespace {

struct Arguments {
  std::string file;
  std::string multiplier;
  int rounds = 5;
  int batch = 64;
};

struct Layer {
  const kernel::ComputingLayer* layer;
  std::vector<std::int8_t> input;  // [batch, in_size]
};

std::vector<Layer> layers_of(const engine::Int8Engine& engine, int batch) {
  const base::CounterRng rng(1);
  const auto num_images = static_cast<std::size_t>(batch);
  std::vector<std::int8_t> images(num_images * engine.node_size(0));
  for (std::size_t i = 0; i < images.size(); ++i) {
    images[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128);
  }
  const auto tensors = engine.run_all(engine::exact_assignment(engine.model()), batch, images);
  std::vector<Layer> layers;
  for (const int node : model::computing_nodes(engine.model())) {
    const int source = engine.model().nodes[static_cast<std::size_t>(node)].inputs.front();
    layers.push_back({.layer = &engine.computing_layer(node),
                      .input = source == 0 ? images : tensors[static_cast<std::size_t>(source)]});
  }
  return layers;
}

// What the kernels are compared with: one look-up for each product, eight sums.
class ScalarLoop {
 public:
  ScalarLoop(const kernel::ComputingLayer& layer, const arith::Multiplier& multiplier)
      : layer_(layer), multiplier_(multiplier), window_(layer) {}

  void accumulate(const std::int8_t* input, int batch, std::int32_t* accumulators) const {
    const std::uint8_t* image = window_.pad(input, batch);
    std::vector<std::uint8_t> codes(window_.depth());
    const std::size_t outputs = layer_.folded_bias.size();
    const auto group_in = static_cast<std::size_t>(layer_.geometry.in_c / layer_.geometry.groups);
    const std::size_t group_out = outputs / static_cast<std::size_t>(layer_.geometry.groups);
    for (int n = 0; n < batch; ++n, image += window_.padded_size()) {
      for (const std::int32_t base : window_.bases()) {
        for (std::size_t o = 0; o < outputs; ++o) {
          if (o % group_out == 0) gather(image + base + o / group_out * group_in, codes);
          *accumulators++ = layer_.folded_bias[o] + sum(codes, o);
        }
      }
    }
  }

 private:
  void gather(const std::uint8_t* from, std::vector<std::uint8_t>& codes) const {
    for (std::size_t k = 0; k < codes.size(); ++k) codes[k] = from[window_.offsets()[k]];
  }
  std::int32_t sum(const std::vector<std::uint8_t>& codes, std::size_t output) const {
    const std::int16_t* table = multiplier_.products().data();
    const std::size_t depth = codes.size();
    const auto* weights =
        reinterpret_cast<const std::uint8_t*>(layer_.weights.data()) + output * depth;
    std::int32_t sums[8] = {};
    std::size_t k = 0;
    for (; k + 8 <= depth; k += 8) {
      for (std::size_t i = 0; i < 8; ++i) {
        sums[i] += table[std::size_t{codes[k + i]} << 8 | weights[k + i]];
      }
    }
    for (; k < depth; ++k) sums[0] += table[std::size_t{codes[k]} << 8 | weights[k]];
    std::int32_t total = 0;
    for (const std::int32_t part : sums) total += part;
    return total;
  }

  const kernel::ComputingLayer& layer_;
  const arith::Multiplier& multiplier_;
  const kernel::table::Window window_;
};

template <typename Run>
double seconds_of(Run run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const Arguments& arguments) {
  const engine::Int8Engine engine(frontend::tflite::read_tflite(arguments.file));
  const arith::MultiplierPtr named = arith::find_multiplier(arguments.multiplier);
  const arith::Multiplier* const multiplier = &named->multiplier;
  const std::vector<Layer> layers = layers_of(engine, arguments.batch);
  // The loop is timed over a part of the batch: it takes as long for every image.
  const int scalar_batch = std::max(1, arguments.batch / 16);
  kernel::table::PanelCache cache;
  std::vector<std::unique_ptr<kernel::table::TableLayer>> fast;
  std::vector<ScalarLoop> scalar;
  double products = 0;
  for (const Layer& layer : layers) {
    fast.push_back(std::make_unique<kernel::table::TableLayer>(*layer.layer, cache));
    scalar.emplace_back(*layer.layer, *multiplier);
    const kernel::ConvGeometry& g = layer.layer->geometry;
    products += static_cast<double>(g.out_size() * g.depth());
  }
  std::vector<std::int32_t> sums;
  const auto run = [&](auto& kernels, int batch, std::size_t i) {
    sums.resize(static_cast<std::size_t>(batch) * layers[i].layer->geometry.out_size());
    return seconds_of([&] { kernels(i, batch); });
  };
  const auto run_fast = [&](std::size_t i, int batch) {
    fast[i]->accumulate({&multiplier, 1}, layers[i].input.data(), batch, sums.data());
  };
  const auto run_scalar = [&](std::size_t i, int batch) {
    scalar[i].accumulate(layers[i].input.data(), batch, sums.data());
  };
  std::vector<double> fast_rates;
  std::vector<double> scalar_rates;
  std::vector<double> ratios;
  for (int round = 0; round <= arguments.rounds; ++round) {
    double fast_seconds = 0;
    double scalar_seconds = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      fast_seconds += run(run_fast, arguments.batch, i);
      scalar_seconds += run(run_scalar, scalar_batch, i);
    }
    if (round == 0) continue;  // Prepares and warms up.
    fast_rates.push_back(products * arguments.batch / fast_seconds);
    scalar_rates.push_back(products * scalar_batch / scalar_seconds);
    ratios.push_back(fast_rates.back() / scalar_rates.back());
  }
  fmt::print(
      "{{\"multiplier\": \"{}\", \"isa\": \"{}\", \"products_per_second\": {:.4g}, "
      "\"scalar_products_per_second\": {:.4g}, \"ratio\": {:.2f}, \"prepared_bytes\": {}}}\n",
      arguments.multiplier, kernel::isa_name(kernel::active_isa()), median(fast_rates),
      median(scalar_rates), median(ratios), cache.num_bytes());
}

}  // namespace
}  // namespace deepaxe

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: multiplier_bench MODEL.tflite MULTIPLIER [ROUNDS] [BATCH]\n");
    return 2;
  }
  deepaxe::Arguments arguments{.file = argv[1], .multiplier = argv[2]};
  if (argc > 3) arguments.rounds = std::atoi(argv[3]);
  if (argc > 4) arguments.batch = std::atoi(argv[4]);
  if (arguments.rounds < 1 || arguments.batch < 1) {
    fmt::print(stderr, "multiplier_bench: ROUNDS and BATCH are 1 or more\n");
    return 2;
  }
  try {
    deepaxe::measure(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "multiplier_bench: {}\n", error.what());
    return 1;
  }
  return 0;
}
