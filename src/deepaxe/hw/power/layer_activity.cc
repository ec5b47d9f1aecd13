#include "deepaxe/hw/power/layer_activity.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "deepaxe/base/assertion.h"

namespace deepaxe::hw::power {
namespace {

constexpr std::int64_t kFewestWindows = 8;

struct RegisterToggles {
  std::uint64_t lane = 0, activation = 0;
};

std::uint64_t changed_bits(std::uint32_t before, std::uint32_t after, std::uint32_t bit_mask) {
  return static_cast<std::uint64_t>(std::popcount((before ^ after) & bit_mask));
}

// A sum begins at 0, not at what the sum before has left: the first step alone differs.
void count_registers(std::span<const OperandPair> pairs, const arith::Multiplier& multiplier,
                     std::uint32_t sum_mask, RegisterToggles& toggles) {
  std::uint32_t sum = 0;
  const auto product_of = [&](const OperandPair& pair) {
    return static_cast<std::uint32_t>(std::int32_t{multiplier(pair.activation, pair.weight)});
  };
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const OperandPair &before = pairs[i - 1], &now = pairs[i];
    toggles.activation += changed_bits(static_cast<std::uint8_t>(before.activation),
                                       static_cast<std::uint8_t>(now.activation), 0xff);
    toggles.lane += changed_bits(static_cast<std::uint8_t>(before.weight),
                                 static_cast<std::uint8_t>(now.weight), 0xff);
    toggles.lane += changed_bits(product_of(before), product_of(now), 0xffff);
    const std::uint32_t next = sum + product_of(now);
    toggles.lane += 2 * changed_bits(sum, next, sum_mask);  // Adder and register.
    sum = next;
  }
}

}  // namespace

OperandSample sample_operands(const OperandStream& stream, std::span<const std::int8_t> codes) {
  const design::LayerWalk& walk = stream.walk();
  const auto image_size =
      static_cast<std::size_t>(walk.in.rows) * static_cast<std::size_t>(walk.in.row_size());
  const auto images = static_cast<std::int64_t>(codes.size() / image_size);
  DEEPAXE_ASSERT(images > 0);
  const std::int64_t in_image = stream.num_windows(), all = images * in_image;
  const std::int64_t wanted =
      std::max(kFewestWindows, (kSampledProducts + walk.depth() - 1) / walk.depth());
  const std::int64_t count = std::min(all, wanted);
  OperandSample sample;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t chosen = i * all / count;
    const std::int64_t window = chosen % in_image;
    const auto image =
        codes.subspan(static_cast<std::size_t>(chosen / in_image) * image_size, image_size);
    const int lane = static_cast<int>(i % stream.lanes_in(window));
    std::vector<OperandPair> pairs = stream.window(image, window, lane);
    const OperandPair before =
        window > 0 ? stream.window(image, window - 1, lane).back() : pairs.front();
    pairs.insert(pairs.begin(), before);
    sample.products += walk.depth();
    sample.windows.push_back(std::move(pairs));
  }
  return sample;
}

ProductActivity measure_activity(const OperandSample& sample, const arith::Multiplier& multiplier,
                                 const SwitchingModel* circuit, int sum_bits) {
  const std::uint32_t sum_mask = ~std::uint32_t{0} >> (32 - sum_bits);
  ToggleCounts luts;
  RegisterToggles registers;
  for (const std::vector<OperandPair>& pairs : sample.windows) {
    if (circuit != nullptr) luts += circuit->count(pairs);
    count_registers(pairs, multiplier, sum_mask, registers);
  }
  const auto products = static_cast<double>(sample.products);
  return {.luts_settled = static_cast<double>(luts.settled) / products,
          .luts_unit_delay = static_cast<double>(luts.unit_delay) / products,
          .dsp_slices = circuit == nullptr ? 1.0 : 0.0,
          .registers = static_cast<double>(registers.lane) / products,
          .activation = static_cast<double>(registers.activation) / products};
}

}  // namespace deepaxe::hw::power
