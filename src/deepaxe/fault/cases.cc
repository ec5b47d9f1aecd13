// DifferenceSimulator: faults of one image that come down to the same difference are one case.
#include <algorithm>
#include <array>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/margin.h"

namespace deepaxe::fault {

namespace {

// Flips of one stored code that follow one another: whatever is found of the code is found once.
constexpr std::size_t kMostTogether = 32;

std::size_t num_of_one_code(std::span<const Fault> faults) {
  const Fault& first = faults.front();
  if (first.target != Target::kActivation) return 1;
  std::size_t count = 1;
  const auto hits_the_same = [&](const Fault& fault) {
    return fault.target == first.target && fault.node == first.node &&
           fault.element == first.element;
  };
  while (count < std::min(faults.size(), kMostTogether) && hits_the_same(faults[count])) ++count;
  return count;
}

std::int16_t loss_of(std::uint32_t case_index, const ImageState& state) {
  return case_index < state.losses.size() ? state.losses[case_index] : std::int16_t{0};
}

void set_loss(std::uint32_t case_index, std::int16_t loss, ImageState& state) {
  if (loss == 0) return;
  if (state.losses.size() <= case_index) state.losses.resize(std::size_t{case_index} + 1, 0);
  state.losses[case_index] = loss;
}

}  // namespace

void DifferenceSimulator::simulate(std::span<const Fault> faults, ImageState& state,
                                   std::span<Outcome> outcomes) const {
  DEEPAXE_ASSERT(faults.size() == outcomes.size());
  state.case_of_fault.clear();
  for (std::size_t first = 0, count = 0; first < faults.size(); first += count) {
    count = num_of_one_code(faults.subspan(first));
    if (faults[first].target == Target::kActivation) {
      find_cases(faults.subspan(first, count), state);
    } else {
      state.case_of_fault.push_back(find_case(faults[first], state));
    }
  }
  carry_deferred(state);
  for (std::size_t entry = 0; entry < state.tail_queues.size(); ++entry) run_tail(entry, state);
  for (const CaseAlias& alias : state.aliases) {
    state.cases[alias.case_index] = state.cases[alias.same_as];
    set_loss(alias.case_index, loss_of(alias.same_as, state), state);
  }
  state.aliases.clear();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    outcomes[i] = state.cases[state.case_of_fault[i]];
  }
}

void DifferenceSimulator::collect_losses(const ImageState& state,
                                         std::span<std::int16_t> losses) const {
  DEEPAXE_ASSERT(state.measures_margin && losses.size() == state.case_of_fault.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    losses[i] = loss_of(state.case_of_fault[i], state);
  }
}

// Of a case with these logits.
void DifferenceSimulator::note_loss(std::uint32_t case_index, std::span<const std::int8_t> faulty,
                                    ImageState& state) {
  if (!state.measures_margin) return;
  const int loss = state.golden_margin - margin_of(faulty, state.golden_class);
  set_loss(case_index, static_cast<std::int16_t>(loss), state);
}

// Of a fault inside a layer.
std::uint32_t DifferenceSimulator::find_case(const Fault& fault, ImageState& state) const {
  state.memo_keys.clear();
  start(fault, state);
  if (state.tensors[static_cast<std::size_t>(fault.node)].changed.empty()) {
    ++state.work.masked;
    return 0;
  }
  if (const auto known = look_up_single(fault.node, state)) {
    ++state.work.collapsed;
    return *known;
  }
  return find_case_behind(fault.node, state);
}

// Of flips of one stored code. Those of what only a pool reads mostly end there, or come down to
// one met before: both are seen without touching a tensor.
void DifferenceSimulator::find_cases(std::span<const Fault> flips, ImageState& state) const {
  const Fault& first = flips.front();
  const auto hit = static_cast<std::size_t>(first.node);
  const std::int8_t code = state.tensors[hit].golden[first.element];
  std::array<std::int8_t, kMostTogether> all_codes;
  const std::span<std::int8_t> codes = std::span(all_codes).first(flips.size());
  for (std::size_t i = 0; i < flips.size(); ++i) {
    codes[i] = apply(flips[i].effect, code, flips[i].bit);
  }
  int node = first.node;
  auto element = static_cast<std::uint32_t>(first.element);
  if (only_pool_[hit] >= 0) {
    const Step& pool = steps_[static_cast<std::size_t>(only_pool_[hit])];
    if (const auto output = pool.propagator->follow(element, codes, state)) {
      node = pool.node;
      element = *output;
    }
  }
  const std::int8_t golden = state.tensors[static_cast<std::size_t>(node)].golden[element];
  for (const std::int8_t after : codes) {
    if (after == golden) {
      ++state.work.masked;
      state.case_of_fault.push_back(0);
    } else {
      const std::uint64_t key = CaseMemo::key(node, element, after);
      state.case_of_fault.push_back(find_case_of_code(key, state));
    }
  }
}

std::uint32_t DifferenceSimulator::find_case_of_code(std::uint64_t key, ImageState& state) const {
  const int node = CaseMemo::node_of(key);
  state.memo_keys.clear();
  if (only_pool_[static_cast<std::size_t>(node)] < 0) {
    if (const auto known = look_up(key, state)) {
      ++state.work.collapsed;
      return *known;
    }
    const int reader = only_reader_[static_cast<std::size_t>(node)];
    if (reader >= 0 && steps_[static_cast<std::size_t>(reader)].siblings != nullptr &&
        !tail_.entry_of(node)) {
      return defer(key, state);
    }
  }
  start_at(key, state);
  return find_case_behind(node, state);
}

void DifferenceSimulator::start_at(std::uint64_t key, ImageState& state) const {
  begin_at(CaseMemo::node_of(key), state);
  state.tensors[static_cast<std::size_t>(CaseMemo::node_of(key))].set(CaseMemo::element_of(key),
                                                                      CaseMemo::code_of(key));
}

// Of the differences that the node has, and nothing else.
std::uint32_t DifferenceSimulator::find_case_behind(int node, ImageState& state) const {
  const auto num_known = static_cast<std::uint32_t>(state.cases.size());
  std::optional<std::uint32_t> found = wait_for_tail(node, state);
  if (!found) found = propagate_to_case(node, state);
  if (found) {
    ++(*found < num_known ? state.work.collapsed : state.work.evaluated);
  } else if (const Outcome outcome = compare_logits(state); outcome == Outcome::kMasked) {
    ++state.work.masked;
    found = 0;
  } else {
    ++state.work.evaluated;
    found = num_known;
    state.cases.push_back(outcome);
    note_loss(*found, state.tensors[static_cast<std::size_t>(logits_root_)].faulty, state);
  }
  for (const std::uint64_t key : state.memo_keys) state.memo.insert(key, *found);
  return *found;
}

// One element that alone differs decides what follows. Nothing if it was not met yet: then it is
// noted to be learnt.
std::optional<std::uint32_t> DifferenceSimulator::look_up(std::uint64_t key, ImageState& state) {
  const std::optional<std::uint32_t> known = state.memo.find(key);
  if (!known) state.memo_keys.push_back(key);
  return known;
}

// Requires that nothing older is left to be read. What only a pool reads is remembered behind it.
std::optional<std::uint32_t> DifferenceSimulator::look_up_single(int node,
                                                                 ImageState& state) const {
  const TensorState& tensor = state.tensors[static_cast<std::size_t>(node)];
  if (tensor.changed.size() != 1 || only_pool_[static_cast<std::size_t>(node)] >= 0) {
    return std::nullopt;
  }
  const std::uint32_t element = tensor.changed.front();
  return look_up(CaseMemo::key(node, element, tensor.faulty[element]), state);
}

// A new case, just looked for in vain: others of the same element are likely to come.
std::uint32_t DifferenceSimulator::defer(std::uint64_t key, ImageState& state) {
  const auto index = static_cast<std::uint32_t>(state.cases.size());
  state.cases.push_back(Outcome::kMasked);  // Until it has been carried.
  state.memo.insert(key, index);
  state.deferred.push_back({key, index});
  return index;
}

// From the last node to the first: what a case comes down to lies behind it, and is settled then.
void DifferenceSimulator::carry_deferred(ImageState& state) const {
  std::vector<DeferredCase>& cases = state.deferred;
  std::sort(cases.begin(), cases.end(),
            [](const DeferredCase& a, const DeferredCase& b) { return a.key > b.key; });
  for (std::size_t first = 0, end = 0; first < cases.size(); first = end) {
    const std::uint64_t element = cases[first].key >> 8;
    while (end < cases.size() && cases[end].key >> 8 == element) ++end;
    carry_siblings(std::span(cases).subspan(first, end - first), state);
  }
  cases.clear();
}

// Requires cases of one element.
void DifferenceSimulator::carry_siblings(std::span<const DeferredCase> cases,
                                         ImageState& state) const {
  SiblingBuffers& siblings = state.siblings;
  const std::uint64_t key = cases.front().key;
  const int reader = only_reader_[static_cast<std::size_t>(CaseMemo::node_of(key))];
  const SiblingSums& sums = *steps_[static_cast<std::size_t>(reader)].siblings;
  siblings.codes.clear();
  for (const DeferredCase& deferred : cases) {
    siblings.codes.push_back(CaseMemo::code_of(deferred.key));
  }
  sums.carry(CaseMemo::element_of(key), state);
  const CodeBlocks blocks = {siblings.first_elements.data(), siblings.first_elements.size(),
                             sums.num_channels()};
  const std::int8_t* codes = siblings.block_codes.data();
  const std::optional<std::size_t> entry = tail_.entry_of(sums.written_node());
  for (const DeferredCase& deferred : cases) {
    if (entry) {
      end_before_tail(deferred.case_index, *entry, blocks, codes, state);
    } else {
      end_behind(deferred.case_index, sums.written_node(), blocks, codes, state);
    }
    codes += blocks.count * blocks.width;
  }
}

// `codes` are all that may differ where a run of the tail begins.
void DifferenceSimulator::end_before_tail(std::uint32_t case_index, std::size_t entry,
                                          CodeBlocks blocks, const std::int8_t* codes,
                                          ImageState& state) const {
  const int node = tail_.entries()[entry];
  const std::vector<std::int8_t>& golden = state.tensors[static_cast<std::size_t>(node)].golden;
  std::vector<std::int8_t>& inputs = state.tail_queues[entry].inputs;
  const std::size_t before = inputs.size();
  inputs.insert(inputs.end(), golden.begin(), golden.end());
  std::int8_t* const tensor = inputs.data() + before;
  std::uint32_t last = 0;
  const std::size_t num_changed = loops_.overlay(blocks, codes, tensor, &last);
  std::optional<std::uint32_t> known;
  state.memo_keys.clear();
  if (num_changed == 0) known = 0;
  if (num_changed == 1) known = look_up(CaseMemo::key(node, last, tensor[last]), state);
  if (known) {
    ++(num_changed == 0 ? state.work.masked : state.work.collapsed);
    state.aliases.push_back({case_index, *known});
    inputs.resize(before);
    return;
  }
  for (const std::uint64_t key : state.memo_keys) state.memo.insert(key, case_index);
  ++state.work.evaluated;
  add_to_queue(entry, case_index, state);
}

// `codes` are all that may differ of the node.
void DifferenceSimulator::end_behind(std::uint32_t case_index, int node, CodeBlocks blocks,
                                     const std::int8_t* codes, ImageState& state) const {
  begin_at(node, state);
  state.memo_keys.clear();
  TensorState& tensor = state.tensors[static_cast<std::size_t>(node)];
  set_changed_blocks(loops_, blocks, codes, tensor, state);
  std::uint32_t same_as = 0;
  if (tensor.changed.empty()) {
    ++state.work.masked;
  } else if (const auto known = look_up_single(node, state)) {
    ++state.work.collapsed;
    same_as = *known;
  } else {
    same_as = find_case_behind(node, state);
  }
  state.aliases.push_back({case_index, same_as});
}

// A new case, of the node's differences; nothing where no run of the tail begins.
std::optional<std::uint32_t> DifferenceSimulator::wait_for_tail(int node, ImageState& state) const {
  const std::optional<std::size_t> entry = tail_.entry_of(node);
  if (!entry) return std::nullopt;
  const std::vector<std::int8_t>& tensor = state.tensors[static_cast<std::size_t>(node)].faulty;
  std::vector<std::int8_t>& inputs = state.tail_queues[*entry].inputs;
  inputs.insert(inputs.end(), tensor.begin(), tensor.end());
  const auto index = static_cast<std::uint32_t>(state.cases.size());
  state.cases.push_back(Outcome::kMasked);  // Until the tail has been run.
  add_to_queue(*entry, index, state);
  return index;
}

// Of the case whose tensor has just joined the queue.
void DifferenceSimulator::add_to_queue(std::size_t entry, std::uint32_t case_index,
                                       ImageState& state) const {
  state.tail_queues[entry].cases.push_back(case_index);
  if (state.tail_queues[entry].cases.size() == Tail::kBatch) run_tail(entry, state);
}

void DifferenceSimulator::run_tail(std::size_t entry, ImageState& state) const {
  TailQueue& queue = state.tail_queues[entry];
  if (queue.cases.empty()) return;
  const std::span<const std::int8_t> logits = tail_.run(entry, queue.inputs, state.tail_buffers);
  const std::vector<std::int8_t>& golden =
      state.tensors[static_cast<std::size_t>(logits_root_)].golden;
  for (std::size_t i = 0; i < queue.cases.size(); ++i) {
    const auto faulty = logits.subspan(i * golden.size(), golden.size());
    if (std::equal(faulty.begin(), faulty.end(), golden.begin())) continue;
    state.cases[queue.cases[i]] =
        classify_change(state.golden_class, engine::argmax(faulty), state.label);
    note_loss(queue.cases[i], faulty, state);
  }
  queue.cases.clear();
  queue.inputs.clear();
}

}  // namespace deepaxe::fault
