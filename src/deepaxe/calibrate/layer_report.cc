#include "deepaxe/calibrate/layer_report.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "deepaxe/calibrate/float_pass.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::calibrate {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

// What some images add to one layer.
struct Tally {
  Range seen;
  double signal = 0, noise = 0;
  std::int64_t saturated = 0, elements = 0;
  AccumulatorRange sums{.low = std::numeric_limits<std::int64_t>::max(),
                        .high = std::numeric_limits<std::int64_t>::min()};

  void add_tensor(std::span<const float> reals, std::span<const std::int8_t> codes,
                  const quant::QuantParams& params) {
    const float half_step = params.scale / 2;
    const auto [lowest, highest] = representable_range(params);
    for (std::size_t i = 0; i < reals.size(); ++i) {
      seen.include(reals[i]);
      const double error = double{reals[i]} - double{quant::dequantize(codes[i], params)};
      signal += double{reals[i]} * double{reals[i]};
      noise += error * error;
      if ((codes[i] == 127 && reals[i] > highest + half_step) ||
          (codes[i] == -128 && reals[i] < lowest - half_step)) {
        ++saturated;
      }
    }
    elements += static_cast<std::int64_t>(reals.size());
  }

  void add_sum(std::int64_t sum) noexcept {
    sums.low = std::min(sums.low, sum);
    sums.high = std::max(sums.high, sum);
  }

  void add(const Tally& other) noexcept {
    seen.include(other.seen);
    signal += other.signal;
    noise += other.noise;
    saturated += other.saturated;
    elements += other.elements;
    add_sum(other.sums.low);
    add_sum(other.sums.high);
  }
};

// The memory of one thread.
struct Scratch {
  std::vector<std::int8_t> codes;
  std::vector<std::vector<std::int8_t>> tensors;
  std::vector<std::int32_t> sums;
};

// Runs the int8 network beside the float one.
class Comparison {
 public:
  explicit Comparison(const Quantization& quantization)
      : quantization_(quantization),
        engine_(quantization.model),
        assignment_(engine::exact_assignment(quantization.model)) {}

  std::size_t num_layers() const { return at(engine_.logits_node()) + 1; }
  const engine::Int8Engine& engine() const noexcept { return engine_; }

  void add_image(const FloatVisit& visit, Scratch& scratch, std::vector<Tally>& tallies) const {
    const quant::QuantParams& input = quantization_.model.nodes.front().quant;
    const std::vector<float>& image = visit.tensors.front();
    scratch.codes.resize(image.size());
    std::transform(image.begin(), image.end(), scratch.codes.begin(),
                   [&](float real) { return quant::quantize(real, input); });
    engine_.run_all_into(assignment_, 1, scratch.codes, scratch.tensors);
    std::size_t computing = 0;
    for (std::size_t i = 0; i < num_layers(); ++i) {
      const model::Int8Node& node = quantization_.model.nodes[i];
      const int stored = quantization_.layers[i].stored_as;
      tallies[i].add_tensor(visit.tensors[at(stored)], scratch.tensors[i], node.quant);
      if (model::is_computing(node.op)) add_sums(i, computing++, scratch, tallies[i]);
    }
  }

 private:
  void add_sums(std::size_t node, std::size_t computing, Scratch& scratch, Tally& tally) const {
    const auto* multiplier = &assignment_.multipliers.at(computing)->multiplier;
    const int input = quantization_.model.nodes[node].inputs.at(0);
    scratch.sums.resize(scratch.tensors[node].size());
    engine_.accumulate_node(static_cast<int>(node), scratch.tensors[at(input)].data(),
                            {&multiplier, 1}, scratch.sums.data());
    for (const std::int32_t sum : scratch.sums) tally.add_sum(sum);
  }

  const Quantization& quantization_;
  engine::Int8Engine engine_;
  engine::Assignment assignment_;
};

// Each product is at its least or its most; one of the two is never on the other side of 0, so the
// bound of the whole sum also bounds its beginnings.
AccumulatorRange worst_case(const engine::Int8Engine& engine, int node) {
  const auto& layer = engine.computing_layer(node);
  const std::size_t depth = layer.geometry.depth();
  AccumulatorRange result{.low = std::numeric_limits<std::int64_t>::max(),
                          .high = std::numeric_limits<std::int64_t>::min()};
  for (std::size_t o = 0; o < layer.folded_bias.size(); ++o) {
    std::int64_t low = layer.folded_bias[o];
    std::int64_t high = low;
    for (std::size_t k = 0; k < depth; ++k) {
      const int weight = layer.weights[o * depth + k];
      low += std::min(weight * 127, weight * -128);
      high += std::max(weight * 127, weight * -128);
    }
    result.low = std::min(result.low, low);
    result.high = std::max(result.high, high);
  }
  return result;
}

LayerQuality quality_of(const Tally& tally) {
  LayerQuality quality{.seen = tally.seen,
                       .signal_to_noise_db = {},
                       .saturated_fraction = static_cast<double>(tally.saturated) /
                                             static_cast<double>(tally.elements),
                       .measured = {},
                       .worst_case = {}};
  if (tally.signal > 0 && tally.noise > 0) {
    quality.signal_to_noise_db = 10 * std::log10(tally.signal / tally.noise);
  }
  return quality;
}

}  // namespace

int AccumulatorRange::num_bits() const noexcept {
  // A negative number x needs the bits of its complement -x - 1, and a sign.
  const auto bits = [](std::int64_t x) {
    return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(x < 0 ? ~x : x))) + 1;
  };
  return std::max(bits(low), bits(high));
}

std::vector<std::optional<LayerQuality>> measure_layers(const Quantization& quantization,
                                                        std::span<const float> images,
                                                        int num_threads) {
  const Comparison comparison(quantization);
  const std::size_t num_layers = comparison.num_layers();
  const std::size_t size = model::num_elements(quantization.source.input_shape());
  std::vector<std::vector<Tally>> of_block(num_blocks(images.size() / size),
                                           std::vector<Tally>(num_layers));
  std::vector<Scratch> scratch(num_workers(num_threads));
  for_each_image(engine::FloatEngine(quantization.source),
                 static_cast<int>(quantization.source.nodes.size()) - 1, images, num_threads,
                 [&](const FloatVisit& visit) {
                   comparison.add_image(visit, scratch[at(visit.worker)], of_block[visit.block]);
                 });
  std::vector<std::optional<LayerQuality>> result(quantization.model.nodes.size());
  for (std::size_t i = 0; i < num_layers; ++i) {
    Tally total;
    for (const std::vector<Tally>& block : of_block) total.add(block[i]);
    LayerQuality quality = quality_of(total);
    if (model::is_computing(quantization.model.nodes[i].op)) {
      quality.measured = total.sums;
      quality.worst_case = worst_case(comparison.engine(), static_cast<int>(i));
    }
    result[i] = quality;
  }
  return result;
}

}  // namespace deepaxe::calibrate
