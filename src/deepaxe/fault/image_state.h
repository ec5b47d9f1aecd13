// ImageState: the golden run of one image and what one fault makes of it; one for each thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "deepaxe/base/cache_line.h"
#include "deepaxe/fault/case_memo.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/outcome.h"
#include "deepaxe/fault/tail.h"

namespace deepaxe::fault {

/// Work space only grows.
template <typename T>
void resize_at_least(std::vector<T>& values, std::size_t size) {
  if (values.size() < size) values.resize(size);
}

/// How far an accumulator may move, both bounds included, before its stored code changes.
struct Slack {
  std::int32_t low = 0;
  std::int32_t high = 0;
};

/// One tensor: golden and faulty values, which differ at most at `changed`.
struct TensorState {
  std::vector<std::int8_t> golden;
  std::vector<std::int8_t> faulty;
  std::vector<std::uint32_t> changed;  ///< Each element once, in the order found.
  /// First elements of the pixels, `pixel_size` elements each, that have changes, each once; empty
  /// where nobody has listed them.
  std::vector<std::uint32_t> changed_pixels;
  std::uint32_t pixel_size = 0;

  bool has_pixels_of(std::uint32_t size) const noexcept {
    return !changed_pixels.empty() && pixel_size == size;
  }

  void set(std::uint32_t element, std::int8_t value) {
    faulty[element] = value;
    changed.push_back(element);
  }
  /// The same of `count` elements.
  void set_all(const std::uint32_t* elements, const std::int8_t* values, std::size_t count) {
    changed.insert(changed.end(), elements, elements + count);
    for (std::size_t i = 0; i < count; ++i) faulty[elements[i]] = values[i];
  }
  void restore() {
    if (!changed_pixels.empty()) {
      difference_loops(kernel::active_isa())
          .copy_blocks({changed_pixels.data(), changed_pixels.size(), pixel_size}, golden.data(),
                       faulty.data());
    } else {
      for (const std::uint32_t element : changed) faulty[element] = golden[element];
    }
    changed.clear();
    changed_pixels.clear();
  }
};

/// Golden sums of one computing node; made when first needed.
struct AccumulatorState {
  bool has_sums = false;
  bool has_slacks = false;
  std::vector<std::int32_t> sums;
  std::vector<std::int32_t> slack_low;     ///< Slack::low...
  std::vector<std::uint32_t> slack_width;  ///< ...and high - low: one comparison tests both.
};

/// Marks that are all cleared in O(1): an entry is set if it equals the current epoch.
class EpochMarks {
 public:
  void resize_at_least(std::size_t size) {
    if (marks_.size() < size) marks_.resize(size, 0);
  }
  void clear() {
    if (++epoch_ != 0) return;
    std::fill(marks_.begin(), marks_.end(), 0U);  // Wrapped after 2^32 uses.
    epoch_ = 1;
  }
  bool is_marked(std::size_t index) const { return marks_[index] == epoch_; }
  /// Sets the mark; true if it was not set.
  bool mark(std::size_t index) {
    if (marks_[index] == epoch_) return false;
    marks_[index] = epoch_;
    return true;
  }

 private:
  std::vector<std::uint32_t> marks_;
  std::uint32_t epoch_ = 0;
};

/// Numbers indices 0, 1, 2... in the order of their first use; forgets all in O(1).
class SlotMap {
 public:
  void resize_at_least(std::size_t size) {
    marks_.resize_at_least(size);
    if (slots_.size() < size) slots_.resize(size);
  }
  void clear() {
    marks_.clear();
    used_.clear();
  }
  /// The slot of `index`, and whether this was its first use.
  std::pair<std::size_t, bool> find_or_add(std::uint32_t index) {
    const bool is_new = marks_.mark(index);
    if (is_new) {
      slots_[index] = static_cast<std::uint32_t>(used_.size());
      used_.push_back(index);
    }
    return {slots_[index], is_new};
  }
  std::optional<std::size_t> find(std::uint32_t index) const {
    if (!marks_.is_marked(index)) return std::nullopt;
    return slots_[index];
  }
  const std::vector<std::uint32_t>& used() const noexcept { return used_; }  ///< By slot.

 private:
  EpochMarks marks_;
  std::vector<std::uint32_t> slots_, used_;
};

/// Changes of one element to several codes, and what SiblingSums makes of them.
struct SiblingBuffers {
  std::vector<std::int8_t> codes;
  std::vector<std::uint32_t> first_elements;  ///< Of blocks of the written tensor.
  std::vector<std::int8_t> block_codes;       ///< [codes][blocks][channels]

  // Work space.
  std::vector<std::int16_t> steps;                  ///< [codes][terms]
  std::vector<std::int32_t> sums;                   ///< [codes][blocks][padded channels]
  std::vector<const std::int16_t*> planes_of_slot;  ///< By slot of ImageState::blocks.
  std::vector<const std::int32_t*> fixed, moved;    ///< Rows of a window: see SiblingRows.
  std::vector<const std::int16_t*> planes;
};

/// A case whose difference, one element of one tensor, has not been carried on yet.
struct DeferredCase {
  std::uint64_t key = 0;  ///< Of CaseMemo.
  std::uint32_t case_index = 0;
};

/// A case that turned out to be another one.
struct CaseAlias {
  std::uint32_t case_index = 0, same_as = 0;
};

/// Everything one thread writes while it simulates faults of one image at a time.
struct alignas(base::kCacheLineBytes) ImageState {
  std::vector<TensorState> tensors;            ///< By node; empty where unneeded or a renaming.
  std::vector<AccumulatorState> accumulators;  ///< By node; used by computing nodes.
  std::vector<int> dirty;                      ///< Nodes whose `changed` is not empty.
  int golden_class = 0;
  int label = 0;
  /// Faults that come down to the same difference are one case. By case: its outcome; that of a
  /// case still in `tail_queues` is not known yet. Case 0 is no difference at all.
  std::vector<Outcome> cases;
  /// Whether the margin's loss of each case is wanted: then no case may be left without its logits.
  bool measures_margin = false;
  int golden_margin = 0;             ///< Of the golden class (margin.h).
  std::vector<std::int16_t> losses;  ///< By case, of those up to the last that lost any.
  CaseMemo memo;
  std::vector<std::uint64_t> memo_keys;  ///< Of the fault being simulated, to be filled at its end.
  std::vector<DeferredCase> deferred;    ///< Of the faults simulated together.
  std::vector<CaseAlias> aliases;        ///< In an order in which each can be settled.
  SiblingBuffers siblings;

  SimulationWork work;                 ///< Since it was last taken.
  std::vector<TailQueue> tail_queues;  ///< By entry.
  TailBuffers tail_buffers;
  std::vector<std::uint32_t> case_of_fault;  ///< Of the faults simulated together.

  // Work space of propagators, used within one call.
  EpochMarks marks;
  std::vector<std::int32_t> deltas;
  std::vector<std::uint32_t> touched;
  std::vector<std::uint32_t> candidates;
  std::vector<std::int8_t> recomputed;
  std::vector<std::uint64_t> position_set;  ///< See CoveredPositions.
  std::vector<std::uint32_t> positions;
  SlotMap blocks;
  std::vector<std::int32_t> block_sums;       ///< [slot][padded channels]
  std::vector<std::int8_t> block_codes;       ///< [slot][channels]
  std::vector<std::uint32_t> first_elements;  ///< [slot]
  SlotMap windows;                            ///< Of a pool over blocks.
  std::vector<std::int32_t> window_sums;      ///< [slot][padded channels]
  std::vector<const std::int32_t*> window_rows;
  std::vector<std::uint32_t> found, found_blocks;
  std::vector<std::uint32_t> pixels;  ///< First elements.
  std::vector<std::int8_t> found_codes;
  std::vector<std::uint32_t> row_offsets;  ///< See ScaledRows.
  std::vector<std::int16_t> row_steps;
  std::vector<std::int8_t> byte_steps;  ///< See ByteRows.
  std::vector<std::int16_t> products;
};

}  // namespace deepaxe::fault
