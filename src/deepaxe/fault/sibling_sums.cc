#include "deepaxe/fault/sibling_sums.h"

#include <optional>
#include <utility>

namespace deepaxe::fault {

std::unique_ptr<const SiblingSums> SiblingSums::make(std::shared_ptr<const ComputingNode> node,
                                                     std::shared_ptr<const InputReach> reach,
                                                     std::shared_ptr<const PooledSums> pooled) {
  if (node->layer().geometry.groups > 1 || !reach->terms()) return nullptr;
  return std::unique_ptr<const SiblingSums>(
      new SiblingSums(std::move(node), std::move(reach), std::move(pooled)));
}

SiblingSums::SiblingSums(std::shared_ptr<const ComputingNode> node,
                         std::shared_ptr<const InputReach> reach,
                         std::shared_ptr<const PooledSums> pooled)
    : node_(std::move(node)),
      reach_(std::move(reach)),
      pooled_(std::move(pooled)),
      channels_(static_cast<std::size_t>(node_->layer().geometry.out_c)) {}

int SiblingSums::written_node() const noexcept {
  return pooled_ ? pooled_->pool_node() : node_->context().node;
}

void SiblingSums::carry(std::uint32_t element, ImageState& state) const {
  SiblingBuffers& siblings = state.siblings;
  const AccumulatorState& golden = node_->sums(state);
  list_steps(node_->input(state).golden[element], siblings);
  list_moved(element, state);
  const std::vector<std::uint32_t>& windows = list_windows(state);
  const std::size_t padded = node_->padded_channels(), count = siblings.codes.size();
  const std::size_t size = count * windows.size() * padded;
  resize_at_least(siblings.sums, size);
  resize_at_least(siblings.block_codes, size);
  siblings.first_elements.clear();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    siblings.first_elements.push_back(windows[i] * static_cast<std::uint32_t>(channels_));
    list_rows(windows[i], golden, state);
    loops_.max_of_siblings(
        {siblings.fixed.data(), siblings.fixed.size(), siblings.moved.data(),
         siblings.planes.data(), siblings.moved.size(), reach_->num_planes(), channels_},
        siblings.steps.data(), count, {&siblings.sums[i * padded], windows.size() * padded});
  }
  node_->to_codes(siblings.sums.data(), count * windows.size(), siblings.block_codes.data());
}

void SiblingSums::list_steps(std::int8_t golden, SiblingBuffers& siblings) const {
  siblings.steps.clear();
  const std::optional<ProductTerms>& terms = reach_->terms();
  if (!terms) return;  // `make` sees to it that there are.
  for (const std::int8_t code : siblings.codes) {
    for (std::size_t t = 0; t < terms->size(); ++t) {
      siblings.steps.push_back(terms->step(t, golden, code));
    }
  }
}

// The positions whose sums move, with the planes of the tap over the element.
void SiblingSums::list_moved(std::uint32_t element, ImageState& state) const {
  const auto in_c = static_cast<std::uint32_t>(node_->layer().geometry.in_c);
  const std::size_t input = element % in_c * reach_->input_size();
  state.blocks.resize_at_least(node_->layer().geometry.out_size() / channels_);
  state.blocks.clear();
  state.siblings.planes_of_slot.clear();
  reach_->for_each_window(element / in_c, [&](std::size_t block, const std::int16_t* planes) {
    state.blocks.find_or_add(static_cast<std::uint32_t>(block));
    state.siblings.planes_of_slot.push_back(planes + input);
  });
}

const std::vector<std::uint32_t>& SiblingSums::list_windows(ImageState& state) const {
  if (!pooled_) return state.blocks.used();
  pooled_->list_windows(state);
  return state.windows.used();
}

void SiblingSums::list_rows(std::uint32_t window, const AccumulatorState& golden,
                            ImageState& state) const {
  SiblingBuffers& siblings = state.siblings;
  siblings.fixed.clear();
  siblings.moved.clear();
  siblings.planes.clear();
  const auto list = [&](std::uint32_t position) {
    const std::int32_t* sums = &golden.sums[position * channels_];
    const std::optional<std::size_t> slot = state.blocks.find(position);
    if (!slot) {
      siblings.fixed.push_back(sums);
      return;
    }
    siblings.moved.push_back(sums);
    siblings.planes.push_back(siblings.planes_of_slot[*slot]);
  };
  if (pooled_) {
    pooled_->for_each_position(window, list);
  } else {
    list(window);
  }
}

}  // namespace deepaxe::fault
