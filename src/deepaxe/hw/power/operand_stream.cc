#include "deepaxe/hw/power/operand_stream.h"

#include <cstddef>

#include "deepaxe/base/assertion.h"
#include "deepaxe/hw/design/layer_arrays.h"

namespace deepaxe::hw::power {
namespace {

const model::Int8Node& input_of(const model::Int8Model& model, int node) {
  const int input = model.nodes.at(static_cast<std::size_t>(node)).inputs.front();
  return model.nodes[static_cast<std::size_t>(input)];
}

}  // namespace

OperandStream::OperandStream(const model::Int8Model& model, int node, int parallel_outputs)
    : walk_(design::layer_walk(model, node, parallel_outputs)),
      zero_code_(static_cast<std::int8_t>(input_of(model, node).quant.zero_point)) {
  DEEPAXE_ASSERT(walk_.kind == design::LayerKind::kComputing);
  for (const std::int32_t weight : design::layer_arrays(model, node).weights) {
    weights_.push_back(static_cast<std::int8_t>(weight));
  }
}

std::int64_t OperandStream::num_windows() const noexcept {
  return std::int64_t{walk_.out.rows} * walk_.out.columns * walk_.sets * walk_.groups();
}

int OperandStream::lanes_in(std::int64_t window) const noexcept {
  return window % walk_.groups() == walk_.groups() - 1 ? walk_.last_lanes() : walk_.lanes;
}

std::int8_t OperandStream::activation(std::span<const std::int8_t> image, int row, int column,
                                      int channel) const noexcept {
  if (row < 0 || row >= walk_.in.rows || column < 0 || column >= walk_.in.columns) {
    return zero_code_;
  }
  const std::size_t place =
      (static_cast<std::size_t>(row) * static_cast<std::size_t>(walk_.in.columns) +
       static_cast<std::size_t>(column)) *
          static_cast<std::size_t>(walk_.in.channels) +
      static_cast<std::size_t>(channel);
  return image[place];
}

std::vector<OperandPair> OperandStream::window(std::span<const std::int8_t> image,
                                               std::int64_t window, int lane) const {
  const int group = static_cast<int>(window % walk_.groups());
  const int set = static_cast<int>(window / walk_.groups() % walk_.sets);
  const std::int64_t place = window / walk_.groups() / walk_.sets;
  const int first_row =
      static_cast<int>(place / walk_.out.columns) * walk_.window.stride_h - walk_.window.pad_top;
  const int first_column =
      static_cast<int>(place % walk_.out.columns) * walk_.window.stride_w - walk_.window.pad_left;
  const int output = set * walk_.set_outputs + group * walk_.lanes + lane;
  std::size_t next = static_cast<std::size_t>(output) * static_cast<std::size_t>(walk_.depth());
  const bool is_idle = lane >= lanes_in(window);
  std::vector<OperandPair> pairs;
  pairs.reserve(static_cast<std::size_t>(walk_.depth()));
  for (int y = 0; y < walk_.window.kernel_h; ++y) {
    for (int x = 0; x < walk_.window.kernel_w; ++x) {
      for (int c = 0; c < walk_.set_channels; ++c) {
        pairs.push_back(
            {activation(image, first_row + y * walk_.window.dilation_h,
                        first_column + x * walk_.window.dilation_w, set * walk_.set_channels + c),
             is_idle ? std::int8_t{0} : weights_[next++]});
      }
    }
  }
  return pairs;
}

}  // namespace deepaxe::hw::power
