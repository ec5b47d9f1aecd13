// DifferenceSimulator: faults of one image that come down to the same difference are one case.
#include <algorithm>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/difference.h"

namespace deepaxe::fault {

void DifferenceSimulator::simulate(std::span<const Fault> faults, ImageState& state,
                                   std::span<Outcome> outcomes) const {
  DEEPAXE_ASSERT(faults.size() == outcomes.size());
  state.case_of_fault.clear();
  for (const Fault& fault : faults) state.case_of_fault.push_back(find_case(fault, state));
  carry_deferred(state);
  run_tail(state);
  for (const CaseAlias& alias : state.aliases) {
    state.cases[alias.case_index] = state.cases[alias.same_as];
  }
  state.aliases.clear();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    outcomes[i] = state.cases[state.case_of_fault[i]];
  }
}

std::uint32_t DifferenceSimulator::find_case(const Fault& fault, ImageState& state) const {
  state.memo_keys.clear();
  if (fault.target == Target::kActivation) return find_case_at(place_of(fault, state), state);
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

// Where a flip in a stored tensor shows. One of what only a pool reads mostly ends there, or comes
// down to one met before: both are seen without touching a tensor.
DifferenceSimulator::Place DifferenceSimulator::place_of(const Fault& fault,
                                                         const ImageState& state) const {
  const auto node = static_cast<std::size_t>(fault.node);
  const auto element = static_cast<std::uint32_t>(fault.element);
  const std::int8_t code = apply(fault.effect, state.tensors[node].golden[element], fault.bit);
  if (only_pool_[node] >= 0) {
    const Step& pool = steps_[static_cast<std::size_t>(only_pool_[node])];
    if (const auto change = pool.propagator->follow(element, code, state)) {
      return {pool.node, *change};
    }
  }
  return {fault.node, {element, code}};
}

std::uint32_t DifferenceSimulator::find_case_at(const Place& place, ImageState& state) const {
  const auto node = static_cast<std::size_t>(place.node);
  if (place.change.code == state.tensors[node].golden[place.change.element]) {
    ++state.work.masked;
    return 0;
  }
  if (only_pool_[node] < 0) {  // What only a pool reads is remembered behind it.
    if (const auto known = look_up(place, state)) {
      ++state.work.collapsed;
      return *known;
    }
    const int reader = only_reader_[node];
    if (reader >= 0 && place.node != tail_.cut() &&
        steps_[static_cast<std::size_t>(reader)].siblings != nullptr) {
      return defer(place, state);
    }
  }
  start_at(place, state);
  return find_case_behind(place.node, state);
}

void DifferenceSimulator::start_at(const Place& place, ImageState& state) const {
  for (const int dirty : state.dirty) state.tensors[static_cast<std::size_t>(dirty)].restore();
  state.dirty.assign(1, place.node);
  state.tensors[static_cast<std::size_t>(place.node)].set(place.change.element, place.change.code);
}

// Of the differences that the node has, and nothing else.
std::uint32_t DifferenceSimulator::find_case_behind(int node, ImageState& state) const {
  const auto num_known = static_cast<std::uint32_t>(state.cases.size());
  std::optional<std::uint32_t> found =
      node == tail_.cut() ? enqueue(state) : propagate_to_case(node, state);
  if (found) {
    ++(*found < num_known ? state.work.collapsed : state.work.evaluated);
  } else if (const Outcome outcome = compare_logits(state); outcome == Outcome::kMasked) {
    ++state.work.masked;
    found = 0;
  } else {
    ++state.work.evaluated;
    found = num_known;
    state.cases.push_back(outcome);
  }
  for (const std::uint64_t key : state.memo_keys) state.memo.insert(key, *found);
  return *found;
}

// One element that alone differs decides what follows. Nothing if it was not met yet: then it is
// noted to be learnt.
std::optional<std::uint32_t> DifferenceSimulator::look_up(const Place& place, ImageState& state) {
  const std::uint64_t key = CaseMemo::key(place.node, place.change.element, place.change.code);
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
  return look_up({node, {element, tensor.faulty[element]}}, state);
}

// A new case, just looked for in vain: others of the same element are likely to come.
std::uint32_t DifferenceSimulator::defer(const Place& place, ImageState& state) {
  const auto index = static_cast<std::uint32_t>(state.cases.size());
  const std::uint64_t key = CaseMemo::key(place.node, place.change.element, place.change.code);
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
    siblings.codes.push_back(CaseMemo::value_of(deferred.key));
  }
  sums.carry(CaseMemo::element_of(key), state);
  const CodeBlocks blocks = {siblings.first_elements.data(), siblings.first_elements.size(),
                             sums.num_channels()};
  const std::int8_t* codes = siblings.block_codes.data();
  for (const DeferredCase& deferred : cases) {
    if (sums.written_node() == tail_.cut()) {
      end_before_tail(deferred.case_index, blocks, codes, state);
    } else {
      end_behind(deferred.case_index, sums.written_node(), blocks, codes, state);
    }
    codes += blocks.count * blocks.width;
  }
}

// `codes` are all that may differ where the tail begins.
void DifferenceSimulator::end_before_tail(std::uint32_t case_index, CodeBlocks blocks,
                                          const std::int8_t* codes, ImageState& state) const {
  const std::vector<std::int8_t>& golden =
      state.tensors[static_cast<std::size_t>(tail_.cut())].golden;
  const std::size_t before = state.tail_inputs.size();
  state.tail_inputs.insert(state.tail_inputs.end(), golden.begin(), golden.end());
  std::int8_t* const tensor = state.tail_inputs.data() + before;
  std::uint32_t last = 0;
  const std::size_t num_changed = loops_.overlay(blocks, codes, tensor, &last);
  std::optional<std::uint32_t> known;
  state.memo_keys.clear();
  if (num_changed == 0) known = 0;
  if (num_changed == 1) known = look_up({tail_.cut(), {last, tensor[last]}}, state);
  if (known) {
    ++(num_changed == 0 ? state.work.masked : state.work.collapsed);
    state.aliases.push_back({case_index, *known});
    state.tail_inputs.resize(before);
    return;
  }
  for (const std::uint64_t key : state.memo_keys) state.memo.insert(key, case_index);
  ++state.work.evaluated;
  wait_for_tail(case_index, state);
}

// `codes` are all that may differ of the node.
void DifferenceSimulator::end_behind(std::uint32_t case_index, int node, CodeBlocks blocks,
                                     const std::int8_t* codes, ImageState& state) const {
  for (const int dirty : state.dirty) state.tensors[static_cast<std::size_t>(dirty)].restore();
  state.dirty.assign(1, node);
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

std::uint32_t DifferenceSimulator::enqueue(ImageState& state) const {
  const std::vector<std::int8_t>& tensor =
      state.tensors[static_cast<std::size_t>(tail_.cut())].faulty;
  const auto index = static_cast<std::uint32_t>(state.cases.size());
  state.cases.push_back(Outcome::kMasked);  // Until the tail has been run.
  state.tail_inputs.insert(state.tail_inputs.end(), tensor.begin(), tensor.end());
  wait_for_tail(index, state);
  return index;
}

// Of the case whose tensor has just joined tail_inputs.
void DifferenceSimulator::wait_for_tail(std::uint32_t case_index, ImageState& state) const {
  state.tail_cases.push_back(case_index);
  if (state.tail_cases.size() == Tail::kBatch) run_tail(state);
}

void DifferenceSimulator::run_tail(ImageState& state) const {
  const std::size_t batch = state.tail_cases.size();
  if (batch == 0) return;
  const std::span<const std::int8_t> logits =
      tail_.run(state.tail_inputs, batch, state.tail_buffers);
  const std::vector<std::int8_t>& golden =
      state.tensors[static_cast<std::size_t>(logits_root_)].golden;
  for (std::size_t i = 0; i < batch; ++i) {
    const auto faulty = logits.subspan(i * golden.size(), golden.size());
    if (std::equal(faulty.begin(), faulty.end(), golden.begin())) continue;
    state.cases[state.tail_cases[i]] =
        classify_change(state.golden_class, engine::argmax(faulty), state.label);
  }
  state.tail_cases.clear();
  state.tail_inputs.clear();
}

}  // namespace deepaxe::fault
