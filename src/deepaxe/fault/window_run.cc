#include "deepaxe/fault/window_run.h"

#include <array>
#include <vector>

#include "deepaxe/fault/block_changes.h"

namespace deepaxe::fault {

std::unique_ptr<const WindowRun> WindowRun::make(const ComputingNode& node) {
  const auto* layer = node.context().engine->window_layer(node.context().node);
  if (layer == nullptr) return nullptr;
  return std::unique_ptr<const WindowRun>(new WindowRun(node, *layer));
}

WindowRun::WindowRun(const ComputingNode& node, const kernel::table::WindowLayer& layer)
    : node_(node),
      layer_(layer),
      prepared_(layer.prepare(node.context().multipliers)),
      covered_(node.layer().geometry),
      in_c_(static_cast<std::uint32_t>(node.layer().geometry.in_c)),
      out_c_(static_cast<std::uint32_t>(node.layer().geometry.out_c)) {}

WindowRun::Reach WindowRun::find_positions(ImageState& state) const {
  const TensorState& input = node_.input(state);
  const std::vector<std::uint32_t>* pixels = &input.changed_pixels;
  if (!input.has_pixels_of(in_c_)) {
    list_changed_pixels(std::array{&input}, in_c_, state);
    pixels = &state.pixels;
  }
  state.position_set.assign(covered_.num_words(), 0);
  Reach reach;
  for (const std::uint32_t first : *pixels) {
    const std::size_t pixel = first / in_c_;
    covered_.add(pixel, state.position_set.data());
    reach.num_windows += covered_.num_windows(pixel);
  }
  CoveredPositions::list(state.position_set, state.positions);
  reach.num_positions = state.positions.size();
  return reach;
}

void WindowRun::run(ImageState& state) const {
  const std::vector<std::uint32_t>& positions = state.positions;
  const std::size_t size = positions.size() * out_c_;
  resize_at_least(state.block_codes, size);
  convolve(node_.input(state).faulty.data(), positions, state.block_codes.data());
  set_changed_blocks(loops_, positions, out_c_, node_.output(state), state);
}

}  // namespace deepaxe::fault
